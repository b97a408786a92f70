# `make deb`: a Debian package of what `cmake --install` installs. It depends on
# the libraries that dpkg-shlibdeps finds, Debian's LLVM and MLIR among them.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME amosc)
set(CPACK_PACKAGE_VENDOR "The amosc project")
set(CPACK_PACKAGE_CONTACT "The amosc project <amosc@example.org>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "compiler of tensor programs for machines with special instructions")
set(CPACK_PACKAGE_DESCRIPTION
"Maps linalg and TOSA programs onto the intrinsics that a machine's description
lists, proves every mapping, and writes plain C objects ahead of time.")
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# dpkg-shlibdeps finds libLLVM through a link of the development package, which
# says nothing about it.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "libllvm22 (>= 1:22.1)")
# Shared objects, and so `amosc run`, need a linker; a C compiler brings one.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "gcc | c-compiler, libc6-dev")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "cmake, pkgconf")
include(CPack)
