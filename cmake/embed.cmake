# Run with cmake -P: writes the files of PARTS (name=path[+path...], separated by |) into the C source OUT as arrays
# `const char NAME[]`, the paths of one name joined, each ended by a zero.
set(source "/* Made by cmake/embed.cmake; edit the files it was made from. */\n")
string(REPLACE "|" ";" parts "${PARTS}")
foreach(part ${parts})
  string(REGEX MATCH "^([a-z_]+)=(.*)$" matched "${part}")
  set(name ${CMAKE_MATCH_1})
  string(REPLACE "+" ";" paths "${CMAKE_MATCH_2}")
  set(bytes "")
  foreach(path ${paths})
    file(READ "${path}" hex HEX)
    string(APPEND bytes "${hex}")
  endforeach()
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
  string(REGEX REPLACE "(0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,)" "\\1\n" bytes
         "${bytes}")
  string(APPEND source "extern const unsigned char ${name}[];\nconst unsigned char ${name}[] = {\n${bytes}0};\n")
endforeach()
file(WRITE "${OUT}" "${source}")
