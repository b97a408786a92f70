# What `cmake --install` puts where. The descriptions of machines install
# themselves, see lib/Accelerators.
include(GNUInstallDirs)
set(AMOS_DOC_FOLDER ${CMAKE_INSTALL_DATADIR}/doc/amosc)
include(CMakePackageConfigHelpers)

set(AMOS_PACKAGE_FOLDER ${CMAKE_INSTALL_LIBDIR}/cmake/Amos)

# libMLIR lies beside LLVM, where the system's loader does not look.
set_target_properties(amosc amos-opt amos-run amos-lsp-server PROPERTIES INSTALL_RPATH_USE_LINK_PATH ON)
install(TARGETS amosc amos-run EXPORT AmosTargets RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS amos-opt amos-lsp-server RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
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
install(DIRECTORY examples DESTINATION ${CMAKE_INSTALL_DATADIR}/amos USE_SOURCE_PERMISSIONS)
install(FILES README.md DESTINATION ${AMOS_DOC_FOLDER})
install(FILES LICENSE DESTINATION ${AMOS_DOC_FOLDER} RENAME copyright)
install(DIRECTORY docs DESTINATION ${AMOS_DOC_FOLDER}
  FILES_MATCHING PATTERN "*.md" PATTERN "*.svg")

# For makefiles: `pkg-config --variable=amosc amos`.
set(AMOS_PKGCONFIG_FOLDER ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
file(RELATIVE_PATH AMOS_PKGCONFIG_PREFIX /prefix/${AMOS_PKGCONFIG_FOLDER} /prefix)
configure_file(cmake/amos.pc.in ${CMAKE_CURRENT_BINARY_DIR}/amos.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/amos.pc DESTINATION ${AMOS_PKGCONFIG_FOLDER})
