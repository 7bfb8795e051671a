# SPDX-License-Identifier: Apache-2.0
# Programs that run inside a guest: static, stripped, never instrumented, and the same bytes whatever the preset and
# wherever the tree lies, since their instructions are part of what is measured.
#
#   aios_measured_program(checklist SOURCES main.cpp ... [LINK aios_operations])  -> ${CMAKE_BINARY_DIR}/guest/bin/checklist
set(AIOS_GUEST_FLAGS -O2 -g0 -fno-pie -fno-omit-frame-pointer -ffile-prefix-map=${CMAKE_SOURCE_DIR}=. -Wall -Wextra
  -Wshadow -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  list(APPEND AIOS_GUEST_FLAGS -Wno-format-truncation)  # a path cut short is not there: that is found out in use
endif()
if(AIOS_WARNINGS_AS_ERRORS)
  list(APPEND AIOS_GUEST_FLAGS -Werror)
endif()

# The same program with its symbols, for profiles: ${CMAKE_BINARY_DIR}/guest/symbols/NAME.
function(aios_symbols_beside target name)
  set(launcher ${CMAKE_SOURCE_DIR}/cmake/link-with-symbols)
  set_property(TARGET ${target} PROPERTY RULE_LAUNCH_LINK "${launcher} ${CMAKE_BINARY_DIR}/guest/symbols/${name}")
  set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS ${launcher})
endfunction()

function(aios_measured_program name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/guest/bin)
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
  target_compile_options(${name} PRIVATE ${AIOS_GUEST_FLAGS} -ffunction-sections -fdata-sections)
  target_link_options(${name} PRIVATE -static -no-pie -s -Wl,--gc-sections -Wl,--build-id=none)
  target_link_libraries(${name} PRIVATE ${ARG_LINK})
  aios_symbols_beside(${name} ${name})
endfunction()
