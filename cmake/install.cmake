# What `cmake --install` lays down. Everything finds everything else by relative paths, so that the tree may be moved.
include(CMakePackageConfigHelpers)

install(TARGETS deepstruc_program RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS deepstruc_shared EXPORT deepstruc LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/deepstruc DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN *.h)
install(DIRECTORY models/ DESTINATION ${CMAKE_INSTALL_DATADIR}/deepstruc/models)
install(DIRECTORY examples/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)
install(FILES README.md CHANGELOG.md CITATION.cff DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright)

# For other CMake projects: find_package(deepstruc), link deepstruc::deepstruc.
set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/deepstruc)
install(EXPORT deepstruc NAMESPACE deepstruc:: FILE deepstruc-config.cmake DESTINATION ${package_folder})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/deepstruc-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/deepstruc-config-version.cmake DESTINATION ${package_folder})

# For everybody else: pkg-config --cflags --libs deepstruc. The prefix is found from where the file lies.
file(RELATIVE_PATH DEEPSTRUC_TO_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(cmake/install/deepstruc.pc.in ${PROJECT_BINARY_DIR}/deepstruc.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/deepstruc.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

# The Python package, which finds the library from where it lies.
set(DEEPSTRUC_PYTHON_DIR lib/python3/dist-packages CACHE STRING "Where the Python package is installed, below the prefix")
install(DIRECTORY python/deepstruc DESTINATION ${DEEPSTRUC_PYTHON_DIR}
  FILES_MATCHING PATTERN *.py PATTERN py.typed PATTERN __pycache__ EXCLUDE)
