# `cmake --install BUILD` lays out headers, libraries and the program; others then write find_package(inlay).
include(CMakePackageConfigHelpers)

set(INLAY_CONFIG_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/inlay)
get_property(INLAY_LAYERS GLOBAL PROPERTY INLAY_LAYERS)
install(TARGETS inlay ${INLAY_LAYERS} EXPORT inlay-targets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/inlay DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT inlay-targets NAMESPACE inlay:: DESTINATION ${INLAY_CONFIG_DIR})
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/inlay-config.cmake.in ${PROJECT_BINARY_DIR}/inlay-config.cmake
                              INSTALL_DESTINATION ${INLAY_CONFIG_DIR})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/inlay-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/inlay-config.cmake ${PROJECT_BINARY_DIR}/inlay-config-version.cmake DESTINATION ${INLAY_CONFIG_DIR})
