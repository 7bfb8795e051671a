# SPDX-License-Identifier: Apache-2.0
# One static library a room, one test program a room: the linker then keeps the order of the rooms.
#
#   aios_room(stats LINK aios_support [SOURCES ...])   harness/stats/*.cpp without *_test.cpp, *_bench.cpp, *_fuzz.cpp
#   aios_test(stats LINK aios_stats [SOURCES ...] [LABELS boot] [TIMEOUT s] [SUFFIX boot])   *_test.cpp -> aios_stats_test
#   aios_fuzz(frame SOURCES frame_fuzz.cpp LINK aios_guest)
include(GoogleTest)

# Headers (JSON, TOML, GoogleTest) cost more than the code under them: a whole build reads them once a unit, not once a file.
# So a name in an unnamed namespace is unique in its room.
function(aios_in_units target)
  if(AIOS_UNITY)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${AIOS_UNITY})
  endif()
endfunction()

function(aios_room name)
  cmake_parse_arguments(ARG "" "" "LINK;SOURCES" ${ARGN})
  if(NOT ARG_SOURCES)
    file(GLOB_RECURSE ARG_SOURCES CONFIGURE_DEPENDS *.cpp)
    list(FILTER ARG_SOURCES EXCLUDE REGEX "_(test|bench|fuzz)\\.cpp$|/testing/|/plugin/|/main\\.cpp$")
  endif()
  add_library(aios_${name} STATIC ${ARG_SOURCES})
  target_link_libraries(aios_${name} PUBLIC ${ARG_LINK} PRIVATE aios_host_flags)
  target_include_directories(aios_${name} PUBLIC ${CMAKE_SOURCE_DIR})
  set_target_properties(aios_${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)  # the Python module links the rooms, too
  aios_in_units(aios_${name})
endfunction()

function(aios_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT;SUFFIX" "LINK;SOURCES;LABELS;PROPERTIES" ${ARGN})
  if(NOT ARG_SOURCES)
    file(GLOB_RECURSE ARG_SOURCES CONFIGURE_DEPENDS *_test.cpp)
    list(FILTER ARG_SOURCES EXCLUDE REGEX "_boot_test\\.cpp$|/plugin/")
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 60)
  endif()
  set(target aios_${name}_test)
  if(ARG_SUFFIX)
    set(target aios_${name}_${ARG_SUFFIX}_test)
  endif()
  add_executable(${target} ${ARG_SOURCES})
  target_link_libraries(${target} PRIVATE ${ARG_LINK} aios_host_flags GTest::gmock_main)
  aios_in_units(${target})
  target_compile_definitions(${target} PRIVATE AIOS_SOURCE_DIR="${CMAKE_SOURCE_DIR}" AIOS_BINARY_DIR="${CMAKE_BINARY_DIR}")
  gtest_discover_tests(${target} DISCOVERY_MODE PRE_TEST
                       PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}" ${ARG_PROPERTIES})
endfunction()

function(aios_fuzz name)
  if(NOT AIOS_FUZZ)
    return()
  endif()
  cmake_parse_arguments(ARG "" "" "LINK;SOURCES" ${ARGN})
  add_executable(${name}_fuzz ${ARG_SOURCES})
  target_compile_options(${name}_fuzz PRIVATE -fsanitize=fuzzer,address,undefined)
  target_link_options(${name}_fuzz PRIVATE -fsanitize=fuzzer,address,undefined)
  target_link_libraries(${name}_fuzz PRIVATE ${ARG_LINK} aios_host_flags)
endfunction()
