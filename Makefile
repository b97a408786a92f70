# What people type. CMake does the work; every target may be run on a fresh clone.
BUILD ?= build
BUILD_SANITIZE ?= build-sanitize
BUILD_FUZZERS ?= build-fuzzers
PREFIX ?= /usr/local
TIDY_BASE ?= HEAD~1
JOBS ?= $(shell nproc)
FUZZ_COUNT ?= 10000
FUZZ_SEED ?= 1

CONFIGURE = cmake -G Ninja -S . \
  -DCMAKE_C_COMPILER=clang-22 -DCMAKE_CXX_COMPILER=clang++-22
NINJA = ninja -j $(JOBS)
export PATH := /usr/lib/llvm-22/bin:$(PATH)

CXX_FILES = $(shell git ls-files '*.h' '*.cpp' '*.c')
# The macros of the unit tests' library are not for clang-tidy.
TIDY_FILES = $(shell git diff --name-only --diff-filter=d $(TIDY_BASE) -- \
  'dialects/*.cpp' 'lib/*.cpp' 'tools/*.cpp')

.PHONY: all
all: $(BUILD)/build.ninja ## build everything
	$(NINJA) -C $(BUILD)

$(BUILD)/build.ninja: | packages
	$(CONFIGURE) -B $(BUILD) -DCMAKE_INSTALL_PREFIX=$(PREFIX)

.PHONY: packages
packages: ## install the Debian packages that are missing (root)
	@tools/install-packages.sh

.PHONY: check
check: all ## build, run every test, check the formatting and what changed
	$(NINJA) -C $(BUILD) check
	@$(MAKE) --no-print-directory format-check tidy

.PHONY: demo
demo: all ## compile a convolution and a product, run and check them
	@examples/demo/demo.sh $(BUILD)/bin

.PHONY: format-check
format-check: packages ## compare the formatting with clang-format-22
	@clang-format-22 --dry-run --Werror $(CXX_FILES) && echo "formatting: ok"

.PHONY: format
format: packages ## rewrite the sources as clang-format-22 wants them
	clang-format-22 -i $(CXX_FILES)

.PHONY: tidy
tidy: all ## clang-tidy over the sources changed since TIDY_BASE
	@test -z "$(TIDY_FILES)" || clang-tidy-22 -p $(BUILD) --quiet $(TIDY_FILES)

# Debian's LLVM is not instrumented: containers that cross into it look
# overflown, its allocators do not lift the poison that inlined headers lay, and its
# classes have no run-time type information. Segmentation faults are amosc's to
# report, tests see to it.
.PHONY: sanitize
sanitize: packages ## unit tests and a sample of the others under ASan and UBSan
	$(CONFIGURE) -B $(BUILD_SANITIZE) -DAMOS_SANITIZE=address,undefined
	ASAN_OPTIONS=detect_container_overflow=0:detect_leaks=0:allow_user_poisoning=0:handle_segv=0 \
	  $(NINJA) -C $(BUILD_SANITIZE) check-sample

# A wrong answer is left in the folder, with the command that repeats it.
.PHONY: fuzz
fuzz: all ## FUZZ_COUNT damaged programs and machines through amosc
	$(BUILD)/bin/amos-fuzz --count=$(FUZZ_COUNT) --seed=$(FUZZ_SEED) --jobs=$(JOBS) \
	  --known=test/fuzz/upstream/known.txt --failures=$(BUILD)/fuzz-failures \
	  lib test examples

# The same words about Debian's LLVM hold as for `sanitize`.
.PHONY: fuzzers
fuzzers: packages ## what reads text of our own, a while under libFuzzer and ASan
	$(CONFIGURE) -B $(BUILD_FUZZERS) -DAMOS_FUZZERS=ON
	ASAN_OPTIONS=detect_container_overflow=0:detect_leaks=0:allow_user_poisoning=0 \
	  $(NINJA) -C $(BUILD_FUZZERS) check-fuzzers

.PHONY: docs
docs: $(BUILD)/build.ninja ## generate the pages of the dialect and the passes
	$(NINJA) -C $(BUILD) docs

.PHONY: bench-cpu
bench-cpu: all ## measure sets of kernels beside oneDNN, and what is aimed at; bench-threads too
	@tools/install-packages.sh --peers
	$(CONFIGURE) -B $(BUILD) > /dev/null
	$(NINJA) -C $(BUILD) bench-onednn
	benchmark/cpu.py --bin $(BUILD)/bin --sets --type all --out benchmark/results/cpu-sets

.PHONY: bench-threads
bench-threads: all ## measure kernels in two threads beside one, on an idle machine of two cores
	benchmark/threads.py --bin $(BUILD)/bin --out benchmark/results/cpu-threads

.PHONY: install
install: all ## install into PREFIX
	cmake --install $(BUILD) --prefix $(PREFIX)

.PHONY: deb
deb: all ## make a Debian package of what install would install
	cd $(BUILD) && cpack -G DEB

# Downloads about 400 MB, takes a few minutes and 2 GB under TMPDIR.
.PHONY: check-package
check-package: deb ## install the package in a fresh Debian, build the examples (root)
	test/Package/fresh-root.sh $(BUILD)/*.deb

.PHONY: clean
clean: ## remove the build folders
	rm -rf $(BUILD) $(BUILD_SANITIZE) $(BUILD_FUZZERS)

.PHONY: help
help: ## print this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 24
