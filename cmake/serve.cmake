# `deepstruc serve`: left out, saying so, where one of its libraries is missing.
pkg_check_modules(SERVE IMPORTED_TARGET libmicrohttpd sqlite3 libarchive)
if(NOT SERVE_FOUND)
  message(STATUS "no libmicrohttpd, SQLite or libarchive: the command serve is left out (tools/install.sh installs them)")
  get_target_property(sources deepstruc_program SOURCES)
  list(FILTER sources EXCLUDE REGEX "/command_serve\\.c$")
  set_property(TARGET deepstruc_program PROPERTY SOURCES ${sources})
  return()
endif()
find_package(Threads REQUIRED)

# The page: TypeScript built by Node and packed into the program. Without Node, npm or the npm packages there is the JSON
# API alone. The packages lie in web/node_modules, for all build folders; they are fetched again when the lock changes.
set(web ${PROJECT_SOURCE_DIR}/web)
set(page ${web}/page_absent.c)
find_program(NODE_PROGRAM node)
find_program(NPM_PROGRAM npm)
if(NODE_PROGRAM AND NPM_PROGRAM)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${web}/package-lock.json)
  set(fetched ${web}/node_modules/.package-lock.json)
  if(${web}/package-lock.json IS_NEWER_THAN ${fetched})
    message(STATUS "fetching the page's npm packages")
    # Not `npm ci`: newer ones refuse a lock that lacks other systems' optional packages. The lock's versions and sums hold here, too.
    execute_process(COMMAND ${NPM_PROGRAM} install --no-save --ignore-scripts --no-audit --no-fund --fetch-retries 1 --fetch-retry-mintimeout 2000
      WORKING_DIRECTORY ${web} TIMEOUT 300
      RESULT_VARIABLE failed OUTPUT_QUIET ERROR_VARIABLE said)
    if(NOT failed)
      file(TOUCH ${fetched})
    endif()
  endif()
  if(failed)
    string(REGEX MATCH "(reason: |code )[^\n]*" why "${said}")
    message(STATUS "the page's npm packages cannot be fetched (${why}): the page is left out, serve has its JSON API alone; "
      "`npm install` in web/ says more")
  else()
    set(page ${PROJECT_BINARY_DIR}/serve_page.c)
    file(GLOB page_sources CONFIGURE_DEPENDS ${web}/src/*)
    add_custom_command(OUTPUT ${page}
      COMMAND ${NODE_PROGRAM} node_modules/vite/bin/vite.js build --logLevel warn --emptyOutDir --outDir ${PROJECT_BINARY_DIR}/page
      COMMAND ${NODE_PROGRAM} embed.mjs ${PROJECT_BINARY_DIR}/page ${page}
      DEPENDS ${page_sources} ${web}/index.html ${web}/vite.config.js ${web}/embed.mjs ${fetched}
      WORKING_DIRECTORY ${web} COMMENT "Building the page" VERBATIM)
  endif()
else()
  message(STATUS "no Node.js with npm: the page is left out, serve has its JSON API alone")
endif()

file(GLOB SERVE_SOURCES CONFIGURE_DEPENDS src/serve/*.c)
add_library(deepstruc_serve STATIC ${SERVE_SOURCES} ${page})
target_link_libraries(deepstruc_serve PUBLIC deepstruc PRIVATE deepstruc_flags PkgConfig::SERVE PkgConfig::JANSSON
  Threads::Threads)
target_compile_definitions(deepstruc_program PRIVATE DEEPSTRUC_HAVE_SERVE)
target_link_libraries(deepstruc_program PRIVATE deepstruc_serve)
