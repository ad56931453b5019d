# Libraries whose absence only leaves a feature or a speed-up out. Each sets a DEEPSTRUC_HAVE_ definition.

find_library(DNNL_LIBRARY dnnl)
find_path(DNNL_INCLUDE oneapi/dnnl/dnnl.h)
if(DNNL_LIBRARY AND DNNL_INCLUDE)
  target_compile_definitions(deepstruc PRIVATE DEEPSTRUC_HAVE_DNNL)
  target_include_directories(deepstruc PRIVATE ${DNNL_INCLUDE})
  target_link_libraries(deepstruc PRIVATE ${DNNL_LIBRARY})
endif()
