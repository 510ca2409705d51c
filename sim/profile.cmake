# Branch counts that GCC keeps beside the objects that made them.
#   cmake -DCOUNTS=DIR -P profile.cmake             removes those of an earlier run
#   cmake -DCOUNTS=DIR -DUSED=DIR -P profile.cmake  copies them to where -fprofile-use looks
file(GLOB_RECURSE names RELATIVE ${COUNTS} ${COUNTS}/*.gcda)
foreach(name ${names})
  if(DEFINED USED)
    configure_file(${COUNTS}/${name} ${USED}/${name} COPYONLY)
  else()
    file(REMOVE ${COUNTS}/${name})
  endif()
endforeach()
