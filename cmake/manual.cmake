# Man page and completions: printed by the program itself from its table of options.
set(manual_folder ${PROJECT_BINARY_DIR}/manual)
set(manual_files)
foreach(form man:deepstruc.1 bash:deepstruc zsh:_deepstruc fish:deepstruc.fish)
  string(REPLACE ":" ";" form ${form})
  list(GET form 0 name)
  list(GET form 1 file)
  add_custom_command(OUTPUT ${manual_folder}/${name}/${file}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${manual_folder}/${name}
    COMMAND deepstruc_program options ${name} > ${manual_folder}/${name}/${file}
    DEPENDS deepstruc_program VERBATIM)
  list(APPEND manual_files ${manual_folder}/${name}/${file})
endforeach()
add_custom_target(manual ALL DEPENDS ${manual_files})

install(FILES ${manual_folder}/man/deepstruc.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${manual_folder}/bash/deepstruc DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${manual_folder}/zsh/_deepstruc DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES ${manual_folder}/fish/deepstruc.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
