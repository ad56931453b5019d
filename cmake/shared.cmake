# The shared library: the same objects as the static one that program and tests are linked with, but only the public
# names are seen from outside (cmake/install/symbols.map; tests/install/test_symbols.py).
set_target_properties(deepstruc PROPERTIES POSITION_INDEPENDENT_CODE ON)
target_compile_options(deepstruc PRIVATE -fno-semantic-interposition)

set(symbols ${PROJECT_SOURCE_DIR}/cmake/install/symbols.map)
add_library(deepstruc_shared SHARED $<TARGET_OBJECTS:deepstruc>)
set_target_properties(deepstruc_shared PROPERTIES OUTPUT_NAME deepstruc EXPORT_NAME deepstruc VERSION ${PROJECT_VERSION}
  SOVERSION ${PROJECT_VERSION_MAJOR} LINKER_LANGUAGE C LINK_DEPENDS ${symbols})
target_link_libraries(deepstruc_shared PRIVATE $<TARGET_PROPERTY:deepstruc,LINK_LIBRARIES>)
target_link_options(deepstruc_shared PRIVATE -Wl,--version-script=${symbols})
if(NOT DEEPSTRUC_SANITIZE)
  target_link_options(deepstruc_shared PRIVATE -Wl,--no-undefined)
endif()
target_include_directories(deepstruc_shared INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
