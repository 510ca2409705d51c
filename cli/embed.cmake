# Writes a C header that holds a text file as a string: cmake -DFROM=FILE -DTO=FILE -DNAME=SYMBOL -P
file(READ "${FROM}" bytes HEX)
string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
string(REGEX REPLACE "(................................................................................)"
  "\\1\n  " bytes "${bytes}")
file(WRITE "${TO}" "/* Made by cli/embed.cmake. */\nstatic const char ${NAME}[] = {\n  ${bytes}0};\n")
