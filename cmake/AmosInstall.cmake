# What `cmake --install` puts where. The descriptions of machines install
# themselves, see lib/Accelerators.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(AMOS_PACKAGE_FOLDER ${CMAKE_INSTALL_LIBDIR}/cmake/Amos)

# libMLIR lies beside LLVM, where the system's loader does not look.
set_target_properties(amosc amos-opt amos-run PROPERTIES INSTALL_RPATH_USE_LINK_PATH ON)
install(TARGETS amosc amos-run EXPORT AmosTargets RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS amos-opt RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(EXPORT AmosTargets NAMESPACE Amos:: DESTINATION ${AMOS_PACKAGE_FOLDER})

configure_package_config_file(cmake/AmosConfig.cmake.in ${CMAKE_CURRENT_BINARY_DIR}/AmosConfig.cmake
  INSTALL_DESTINATION ${AMOS_PACKAGE_FOLDER})
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/AmosConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES
  ${CMAKE_CURRENT_BINARY_DIR}/AmosConfig.cmake
  ${CMAKE_CURRENT_BINARY_DIR}/AmosConfigVersion.cmake
  cmake/AmosKernel.cmake
  DESTINATION ${AMOS_PACKAGE_FOLDER})
install(DIRECTORY examples DESTINATION ${CMAKE_INSTALL_DATADIR}/amos)
