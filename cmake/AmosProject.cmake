# How this project builds its own libraries, tools and unit tests.

set(CMAKE_CXX_STANDARD 17)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

find_program(AMOS_CCACHE ccache)
if(AMOS_CCACHE)
  # ccache meets precompiled headers only with these; see its manual.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${AMOS_CCACHE})
endif()

add_compile_options(-Wall -Wextra -Werror -Wno-unused-parameter)
if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
  add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:SHELL:-Xclang -fno-pch-timestamp>")
  add_link_options(-fuse-ld=lld)
endif()
if(AMOS_SANITIZE)
  # MLIR's classes have no run-time type information for `vptr` to check.
  add_compile_options(-fsanitize=${AMOS_SANITIZE} -fno-sanitize=vptr
                      -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${AMOS_SANITIZE})
  # A function made at run time has no signature in front for this check to read.
  add_compile_options(-fno-sanitize=function)
endif()
if(AMOS_FUZZERS)
  add_compile_options(-fsanitize=fuzzer-no-link,address -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address)
endif()

include_directories(SYSTEM ${LLVM_INCLUDE_DIRS} ${MLIR_INCLUDE_DIRS})
include_directories(${CMAKE_SOURCE_DIR}/include ${CMAKE_SOURCE_DIR}/dialects
                    ${CMAKE_BINARY_DIR}/include ${CMAKE_BINARY_DIR}/dialects)
separate_arguments(LLVM_DEFINITIONS_LIST NATIVE_COMMAND ${LLVM_DEFINITIONS})
add_definitions(${LLVM_DEFINITIONS_LIST})

# One precompiled header serves everything compiled without exceptions.
file(WRITE ${CMAKE_BINARY_DIR}/pch.cpp "")
add_library(AmosPrecompiled OBJECT ${CMAKE_BINARY_DIR}/pch.cpp)
target_compile_options(AmosPrecompiled PRIVATE -fno-rtti -fno-exceptions)
target_precompile_headers(AmosPrecompiled PRIVATE ${CMAKE_SOURCE_DIR}/cmake/Precompiled.h)

# add_amos_library(NAME sources... [LINK libraries...] [DEPENDS targets...])
function(add_amos_library name)
  cmake_parse_arguments(ARG "" "" "LINK;DEPENDS" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  target_compile_options(${name} PRIVATE -fno-rtti -fno-exceptions)
  target_precompile_headers(${name} REUSE_FROM AmosPrecompiled)
  target_link_libraries(${name} PUBLIC ${ARG_LINK})
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
  endif()
endfunction()

# add_amos_tool(NAME sources... LINK libraries... [EXCEPTIONS])
# EXCEPTIONS: for the tools whose argument parser throws; no MLIR type may be
# derived from there, since MLIR is built without run-time type information.
function(add_amos_tool name)
  cmake_parse_arguments(ARG "EXCEPTIONS" "" "LINK" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  if(ARG_EXCEPTIONS)
    target_compile_options(${name} PRIVATE -fno-rtti)
  else()
    target_compile_options(${name} PRIVATE -fno-rtti -fno-exceptions)
  endif()
  target_link_libraries(${name} PRIVATE ${ARG_LINK})
  set_property(GLOBAL APPEND PROPERTY AMOS_TOOLS ${name})
endfunction()
