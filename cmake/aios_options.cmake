# SPDX-License-Identifier: Apache-2.0
# Compiler settings shared by every target of the harness.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Debug)
endif()

option(AIOS_WARNINGS_AS_ERRORS "Treat warnings as errors" ON)
set(AIOS_SANITIZE "" CACHE STRING "Sanitizers for host code, e.g. address,undefined or thread")
set(AIOS_UNITY "" CACHE STRING "Compile the sources of a room in units of so many files: half the time for a whole build; empty: file by file")
option(AIOS_FUZZ "Build the libFuzzer targets (needs clang)" OFF)

find_program(AIOS_CCACHE ccache)
if(AIOS_CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${AIOS_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${AIOS_CCACHE})
endif()

# Host code only: guest programs and kernels set their own flags.
add_library(aios_host_flags INTERFACE)
target_compile_options(aios_host_flags INTERFACE -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
  -Wno-missing-field-initializers  # designated initialisers leave the rest at its default on purpose
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)  # GCC 12 is wrong about std::string at -O2 (its bug 105651)
if(AIOS_WARNINGS_AS_ERRORS)
  target_compile_options(aios_host_flags INTERFACE -Werror)
endif()
target_include_directories(aios_host_flags INTERFACE ${CMAKE_SOURCE_DIR})
if(AIOS_SANITIZE)
  target_compile_options(aios_host_flags INTERFACE -fsanitize=${AIOS_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(aios_host_flags INTERFACE -fsanitize=${AIOS_SANITIZE})
endif()

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(GTest REQUIRED)
