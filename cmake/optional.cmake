# Libraries whose absence only leaves a feature or a speed-up out. Each sets a DEEPSTRUC_HAVE_ definition.

# ThreadSanitizer knows nothing of what goes on inside a library of matrix products.
option(DEEPSTRUC_PLAIN_PRODUCTS "Matrix products by plain loops" OFF)
if(NOT DEEPSTRUC_PLAIN_PRODUCTS)
  find_library(DNNL_LIBRARY dnnl)
  find_path(DNNL_INCLUDE oneapi/dnnl/dnnl.h)
  find_library(OPENBLAS_LIBRARY openblas)
  find_path(OPENBLAS_INCLUDE cblas.h PATH_SUFFIXES openblas openblas-pthread x86_64-linux-gnu/openblas-pthread)
endif()
if(DNNL_LIBRARY AND DNNL_INCLUDE)
  target_compile_definitions(deepstruc PRIVATE DEEPSTRUC_HAVE_DNNL)
  target_include_directories(deepstruc PRIVATE ${DNNL_INCLUDE})
  target_link_libraries(deepstruc PRIVATE ${DNNL_LIBRARY})
elseif(OPENBLAS_LIBRARY AND OPENBLAS_INCLUDE)
  target_compile_definitions(deepstruc PRIVATE DEEPSTRUC_HAVE_OPENBLAS)
  target_include_directories(deepstruc PRIVATE ${OPENBLAS_INCLUDE})
  target_link_libraries(deepstruc PRIVATE ${OPENBLAS_LIBRARY})
endif()

# The project files of PDFgui are zip archives.
pkg_check_modules(ARCHIVE IMPORTED_TARGET libarchive)
if(ARCHIVE_FOUND)
  target_compile_definitions(deepstruc PRIVATE DEEPSTRUC_HAVE_ARCHIVE)
  target_link_libraries(deepstruc PRIVATE PkgConfig::ARCHIVE)
else()
  message(STATUS "no libarchive: convert cannot open projects of PDFgui's (tools/install.sh installs it)")
endif()
