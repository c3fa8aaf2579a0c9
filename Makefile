# What people and machines do with this project; `make` alone lists it.

CONFIGURATION ?= debug
STEPS ?= all
PREFIX ?= /usr/local
export PREFIX DESTDIR

# One set of options for building, running and testing, so that nothing is built twice.
OPTIONS = --explicit-target-dependency-import-check error
ALONE = FigureTests|FloodTests|ConvergenceTests|KillTests|ParallelTests|WholeCourseTests
LABS = ^Integration\.|^Netns\w*Tests\.
STYLED = Package.swift Sources Tests Labs Examples/Package.swift Examples/Sources Examples/Tests

# A lab holds a few dozen processes: more at once measure each other.
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH ?= 4

# What is installed holds the Swift runtime. Of the two linkers at hand this one makes the smaller program, the more so
# when it offers its symbols to nobody; glibc 2.36 and later also understand packed relocations, which PACKED= leaves out
# for programs that are meant for other machines.
PACKED = $(shell getconf GNU_LIBC_VERSION | awk -F. '$$2 >= 36 { print "-Xlinker -z -Xlinker pack-relative-relocs" }')
RELEASE = --configuration release --static-swift-stdlib --scratch-path .build-release \
	-Xswiftc -use-ld=lld -Xlinker --no-export-dynamic $(PACKED)

# The same from objects that were compiled for the tests already: those do not say by themselves which parts of
# Foundation a static link needs.
LINKED = --static-swift-stdlib \
	$(addprefix -Xlinker -l, CoreFoundation _FoundationCShims _FoundationCollections _FoundationICU)

.PHONY: help lab test walkthrough examples docs bench build release install uninstall deb image-test linked format lint clean
.DEFAULT_GOAL := help

help: ## list what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile

lab: ## build, then run the course's steps and judge them on the wire (as root); STEPS="step3" runs one
	@scripts/prepare lab
	swift build --configuration $(CONFIGURATION) $(OPTIONS)
	.build/$(CONFIGURATION)/labrun run $(STEPS)

# Labs are timed by the kernel, but what they wait for needs a processor: what needs all of them, the arithmetic of the
# pure targets and the simulator, has its own turn, and programs are timed, flooded and killed by the hundred when the
# other tests have fallen silent.
test: ## check the style, build, and run every test (as root; others skip what needs root)
	@scripts/prepare test
	@$(MAKE) --no-print-directory lint
	swift build --build-tests $(OPTIONS)
	timeout --kill-after=10s 5m swift test --skip-build $(OPTIONS) --skip '$(LABS)|^VRRPSimulatorTests\.'
	timeout --kill-after=10s 5m swift test --skip-build $(OPTIONS) --filter '^VRRPSimulatorTests\.'
	timeout --kill-after=10s 5m swift test --skip-build $(OPTIONS) --filter '^Netns\w*Tests\.'
	timeout --kill-after=10s 15m swift test --skip-build $(OPTIONS) --filter '^Integration\.' --skip '$(ALONE)'
	timeout --kill-after=10s 8m swift test --skip-build $(OPTIONS) --no-parallel --filter '$(ALONE)'
	@$(MAKE) --no-print-directory examples docs
	scripts/image-test --quick

examples: ## build the examples as somebody does who uses the libraries from outside, and run their tests
	@scripts/prepare test
	swift build --package-path Examples --build-tests
	timeout --kill-after=10s 2m swift test --package-path Examples --skip-build
	[ "$$(id -u)" != 0 ] || { Examples/.build/debug/TwoHosts && Examples/.build/debug/BadCable; }

walkthrough: ## play a new learner from an empty directory to step 6, and compare with docs/walkthrough.md (as root)
	scripts/walkthrough --check

docs: ## make the pages of the libraries, in .build/documentation (after a build)
	scripts/document

bench: ## measure this daemon and labs beside keepalived and other tools (as root)
	@scripts/prepare test
	swift build --product vrrpd $(RELEASE) $(OPTIONS)
	swift build --product vrrpbench $(RELEASE) $(OPTIONS)
	swift build --product netnsbench $(RELEASE) $(OPTIONS)
	.build-release/release/vrrpbench
	.build-release/release/netnsbench

build: ## build everything but the tests
	@scripts/prepare build
	swift build --configuration $(CONFIGURATION) $(OPTIONS)

release: ## build labrun and the daemon as they are installed, into .build-release/release
	@scripts/prepare build
	swift build --product labrun $(RELEASE) $(OPTIONS)
	swift build --product vrrpd $(RELEASE) $(OPTIONS)
	swift build --product netnsinit $(RELEASE) $(OPTIONS)

install: release ## build, and install below PREFIX (/usr/local); DESTDIR=D puts it below D
	scripts/install

uninstall: ## remove what was installed below PREFIX
	scripts/install --uninstall

deb: ## make a Debian package, in .build-release
	@$(MAKE) --no-print-directory release PACKED=
	scripts/deb

image-test: ## build the container's image and the package, and run the course in them (as root; docs/container.md)
	scripts/image-test

# An object that is compiled for a static link is of no use to any other: what is not up to date is compiled before.
linked:
	swift build $(OPTIONS)
	swift build --product labrun $(LINKED) $(OPTIONS)
	swift build --product vrrpd $(LINKED) $(OPTIONS)
	swift build --product netnsinit $(LINKED) $(OPTIONS)

format: ## bring the sources into the one format
	swift format --in-place --recursive $(STYLED)

lint: ## check that they are in it
	swift format lint --strict --recursive $(STYLED)

clean: ## remove what was built and recorded
	rm -rf .build .build-release Examples/.build labrun-out
