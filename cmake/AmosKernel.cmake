# amos_add_kernel(NAME
#                 SOURCES program.mlir...     what to compile
#                 [TARGET machine[+machine]]  default: the processor at hand
#                 [HEADER name.h]             default: the source's name
#                 [PREFIX prefix]             of the C symbols
#                 [REQUIRE_INTRINSIC]         an error where no intrinsic is used
#                 [OPTIONS option...])        further ones of amosc
#
# Compiles MLIR programs to the static library NAME. What links with it may
# include the headers, and is built again when a program, or the description of a
# machine, changes. Each source has its own header; HEADER goes with one source.
function(amos_add_kernel name)
  cmake_parse_arguments(ARG "REQUIRE_INTRINSIC" "TARGET;HEADER;PREFIX" "SOURCES;OPTIONS" ${ARGN})
  _amos_check_arguments(${name})
  set(options ${ARG_OPTIONS})
  if(ARG_TARGET)
    list(APPEND options --target=${ARG_TARGET})
  endif()
  if(ARG_PREFIX)
    list(APPEND options --prefix=${ARG_PREFIX})
  endif()
  if(ARG_REQUIRE_INTRINSIC)
    list(APPEND options --require-intrinsic)
  endif()
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/${name}.kernel)
  set(objects)
  foreach(source ${ARG_SOURCES})
    cmake_path(GET source STEM LAST_ONLY stem)
    if(ARG_HEADER)
      cmake_path(GET ARG_HEADER STEM LAST_ONLY stem)
    endif()
    _amos_compile(${source} ${folder}/${stem} "${options}")
    list(APPEND objects ${folder}/${stem}.o)
  endforeach()
  _amos_add_library(${name} ${folder} "${objects}")
endfunction()

macro(_amos_check_arguments name)
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "amos_add_kernel(${name}): unknown arguments: ${ARG_UNPARSED_ARGUMENTS}")
  endif()
  list(LENGTH ARG_SOURCES count)
  if(count EQUAL 0)
    message(FATAL_ERROR "amos_add_kernel(${name}): SOURCES names no program")
  endif()
  if(ARG_HEADER AND count GREATER 1)
    message(FATAL_ERROR "amos_add_kernel(${name}): HEADER goes with one source, not ${count}")
  endif()
endmacro()

# Writes STEM.o, STEM.h and STEM.json.
function(_amos_compile source stem options)
  cmake_path(ABSOLUTE_PATH source OUTPUT_VARIABLE program)
  cmake_path(GET stem PARENT_PATH folder)
  file(MAKE_DIRECTORY ${folder})
  add_custom_command(
    OUTPUT ${stem}.o ${stem}.h ${stem}.json
    COMMAND Amos::amosc ${program} -o ${stem}.o --emit=obj,header,manifest
            -MD -MF ${stem}.d ${options}
    DEPENDS ${program} Amos::amosc
    DEPFILE ${stem}.d
    COMMENT "amosc ${source}"
    VERBATIM)
endfunction()

function(_amos_add_library name folder objects)
  get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
  set(language CXX)
  if(C IN_LIST languages)
    set(language C)
  endif()
  add_library(${name} STATIC ${objects})
  set_source_files_properties(${objects} PROPERTIES EXTERNAL_OBJECT ON GENERATED ON)
  set_target_properties(${name} PROPERTIES LINKER_LANGUAGE ${language})
  target_include_directories(${name} PUBLIC ${folder})
  target_link_libraries(${name} PUBLIC m)
endfunction()
