# The report's page is written as files of its own languages (src/report/page) and built into the library.
set(page_folder ${PROJECT_SOURCE_DIR}/src/report/page)
set(page_source ${PROJECT_BINARY_DIR}/report_page.c)
set(page_scripts ${page_folder}/base.js ${page_folder}/fit.js ${page_folder}/structures.js ${page_folder}/scatter.js
  ${page_folder}/main.js)
list(JOIN page_scripts "+" page_script)
add_custom_command(OUTPUT ${page_source}
  COMMAND ${CMAKE_COMMAND} "-DOUT=${page_source}"
    "-DPARTS=report_page_html=${page_folder}/page.html|report_page_css=${page_folder}/page.css|report_page_js=${page_script}"
    -P ${PROJECT_SOURCE_DIR}/cmake/embed.cmake
  DEPENDS ${page_folder}/page.html ${page_folder}/page.css ${page_scripts} ${PROJECT_SOURCE_DIR}/cmake/embed.cmake
  VERBATIM)
target_sources(deepstruc PRIVATE ${page_source})
