# Packages, both of one build: `cpack -G DEB` for Debian; and, with DEEPSTRUC_BUNDLE in the environment, `cpack -G TGZ` for
# any Linux with a glibc as new as the builder's, with the libraries that deepstruc needs beside it. tools/package.sh
# makes both.
set(bundle ${CMAKE_INSTALL_LIBDIR}/deepstruc)
# The old kind of run path: it holds for the libraries' own libraries, too. Where nothing was bundled the folder is not
# there, and the system's libraries are found.
set_target_properties(deepstruc_program PROPERTIES INSTALL_RPATH "$ORIGIN/../${bundle}")
set_target_properties(deepstruc_shared PROPERTIES INSTALL_RPATH "$ORIGIN/deepstruc")
target_link_options(deepstruc_program PRIVATE -Wl,--disable-new-dtags)
target_link_options(deepstruc_shared PRIVATE -Wl,--disable-new-dtags)
install(CODE "
  if(DEFINED ENV{DEEPSTRUC_BUNDLE})
    file(GET_RUNTIME_DEPENDENCIES EXECUTABLES \"$<TARGET_FILE:deepstruc_program>\" RESOLVED_DEPENDENCIES_VAR needed
      PRE_EXCLUDE_REGEXES \"^ld-linux\" \"^lib(c|m|dl|rt|pthread|resolv)\\\\.so\")
    set(folder \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${bundle}\")
    file(MAKE_DIRECTORY \"\${folder}\")
    foreach(library \${needed})
      get_filename_component(real \${library} REALPATH)
      get_filename_component(name \${library} NAME)
      file(COPY_FILE \${real} \"\${folder}/\${name}\")
    endforeach()
  endif()")

set(CPACK_PACKAGE_NAME deepstruc)
set(CPACK_PACKAGE_VENDOR "The deepstruc developers")
set(CPACK_PACKAGE_CONTACT "The deepstruc developers <deepstruc@example.org>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "python3, python3-numpy, fonts-dejavu-core")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "libxgboost0")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "python3-ase") # brings SciPy and Matplotlib, some 350 MB
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "From a pair distribution function (.gr file) to ranked, refined atomic models with fit
quality, standard deviations and pictures: program, C library and Python module.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
include(CPack)
