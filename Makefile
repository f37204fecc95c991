# Builds zem, its tests and its demo. `make help` lists the targets. The objects are in build/CONFIGURATION/, and the
# program is build/zem. PREFIX, DESTDIR, CC and CFLAGS may be set. The flags that the same bits everywhere need follow
# CFLAGS and cannot be switched off. `make V=1` prints whole commands.

VERSION := 0.1.0
PREFIX ?= /usr/local
DESTDIR ?=
ifeq ($(origin CC),default)
CC := gcc
endif
CFLAGS ?= -O2 -g
CONFIGURATION ?= release

# ---------------------------------------------------------------- libraries
PKG_CONFIG ?= pkg-config
HDF5_MODULE := $(firstword $(foreach module,hdf5-serial hdf5,\
    $(shell $(PKG_CONFIG) --exists $(module) 2>/dev/null && echo $(module))) hdf5)
MODULES := libfyaml udunits $(HDF5_MODULE) nettle jansson zlib libdeflate
MODULE_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(MODULES) 2>/dev/null)
MODULE_LIBS := $(shell $(PKG_CONFIG) --libs $(MODULES) 2>/dev/null)
# HDF5 1.10 has no pkg-config module for its high-level library. Its name is derived from that of the main library.
HDF5_LIBS := $(shell $(PKG_CONFIG) --libs $(HDF5_MODULE) 2>/dev/null)
HDF5_NAME := $(patsubst -l%,%,$(firstword $(filter -lhdf5%,$(HDF5_LIBS)) -lhdf5))
HDF5_LINKS = printf 'int main(void){return 0;}' | \
    $(CC) -x c - -o /dev/null $(filter -L%,$(HDF5_LIBS)) -l$(1) 2>/dev/null && echo -l$(1)
HDF5_HIGH_LEVEL := $(firstword $(foreach name,$(subst hdf5,hdf5_hl,$(HDF5_NAME)) $(HDF5_NAME)_hl hdf5_hl,\
    $(shell $(call HDF5_LINKS,$(name)))))
CMOCKA_CFLAGS = $(shell $(PKG_CONFIG) --cflags cmocka 2>/dev/null)
CMOCKA_LIBS = $(shell $(PKG_CONFIG) --libs cmocka 2>/dev/null || echo -lcmocka)
LIBS = $(HDF5_HIGH_LEVEL) $(MODULE_LIBS) -pthread -ldl -lm

# ---------------------------------------------------------------- flags
WARNINGS := -Wall -Wextra -Wshadow -Wconversion -Wvla -Wstrict-prototypes -Wmissing-prototypes
# Relaxed floating point is an error, because the program has to give the same bits everywhere.
ifneq ($(findstring fast-math,$(filter-out -fno-fast-math,$(CFLAGS)))$(filter -Ofast,$(CFLAGS)),)
$(error CFLAGS must not relax floating point: $(CFLAGS))
endif
FLAGS_release :=
FLAGS_asan := -O1 -fsanitize=address -fno-omit-frame-pointer
FLAGS_ubsan := -O1 -fsanitize=undefined -fno-sanitize-recover=undefined
FLAGS_tsan := -O1 -fsanitize=thread
FLAGS_coverage := -O0 --coverage
# $(call accepted,OPTION) is the option if the compiler accepts it, else empty.
accepted = $(shell $(CC) -Werror $(1) -fsyntax-only -x c /dev/null 2>/dev/null && echo $(1))
# Under -std=c11 alone gcc for s390x computes expressions of floats in double precision, which gives other bits.
REQUIRED := -std=c11 -D_POSIX_C_SOURCE=200809L -ffp-contract=off $(call accepted,-fexcess-precision=fast) \
    -fopenmp -pthread
OUT := build/$(CONFIGURATION)
COMPILE = $(CC) $(CFLAGS) $(FLAGS_$(CONFIGURATION)) $(WARNINGS) -I. -Ihost -I$(OUT) $(CPPFLAGS) $(MODULE_CFLAGS) \
    $(REQUIRED) -MMD -MP
Q := $(if $(V),,@)
SAY := @$(if $(V),:,echo)
LINK = $(CC) $(CFLAGS) $(FLAGS_$(CONFIGURATION)) $(LDFLAGS) -fopenmp -pthread

# An engine is the kernels compiled as C for one instruction set, one specialisation and one precision. ENGINE_NAMES
# lists the engines: the best instruction set first, and for each the specialisation with the fewest features first. At
# run time the first engine that can fly a cell is chosen. A specialisation is worth its time to compile if it is more
# than a tenth faster than the next one in a paired measurement (benchmarks/README.md).
# Without "temporary expression replacement" gcc keeps fewer values alive at once, so it spills fewer registers.
ENGINE_FLAGS := -O3 -g1 -fno-math-errno -fno-trapping-math $(call accepted,-fno-tree-ter)
MACHINE := $(firstword $(subst -, ,$(shell $(CC) -dumpmachine 2>/dev/null)))
NARROW := ideal1 chain1 chain3 lag1 kalman1 body1 body3 usual
ENGINE_NAMES_x86_64 := $(NARROW:%=v4-%-single) v4-full-single $(NARROW:%=v3-%-single) v3-full-single \
    baseline-full-single scalar-full-single \
    v4-lag1-double v4-usual-double v3-lag1-double v3-usual-double v3-full-double baseline-full-double
ENGINE_NAMES_aarch64 := $(NARROW:%=baseline-%-single) baseline-full-single scalar-full-single \
    baseline-lag1-double baseline-full-double
ENGINE_NAMES := $(or $(ENGINE_NAMES_$(MACHINE)),baseline-full-single scalar-full-single baseline-full-double)
# gcc's model of Ice Lake, and no global elimination of common subexpressions, make the AVX-512 engines up to 6 %
# faster (benchmarks/README.md). Without "inter-unit moves" gcc loads constants from memory, which leaves the vector
# units free. The options change the order and the choice of instructions only, so that every processor with AVX-512
# runs the engines.
ISA_v4 := -march=x86-64-v4 -mtune=icelake-server -mprefer-vector-width=512
ISA_v4 += $(call accepted,-fno-gcse) $(call accepted,-mtune-ctrl=^inter_unit_moves_to_vec)
ISA_v3 := -march=x86-64-v3
ISA_scalar := -fno-tree-vectorize $(if $(filter x86_64,$(MACHINE)),-march=x86-64-v3)
# SMALL lists the instruction sets without fused multiply-adds, which x86-64 has from v3 on. There the C library's fmaf
# takes most of the time and vectors gain nothing, so these engines have one lane and are optimised less.
SMALL := $(if $(filter aarch64,$(MACHINE)),,baseline)
LANES_v4 := 16
LANES_v3 := 8
LANES_baseline := $(if $(filter baseline,$(SMALL)),1,4)
LANES_scalar := 1
LANES_v4_double := 8
LANES_v3_double := 4
LANES_baseline_double := $(if $(filter baseline,$(SMALL)),1,2)

# Specialisations (kernels/specialise.h). $(call specialisation,POSSIBLE,CERTAIN,STAGES) gives the flags: the features
# that a cell may have, those that it certainly has, which the step loop then need not test, and the number of autopilot
# stages.
MANEUVERS := ZEM_FEATURE_STEP|ZEM_FEATURE_WEAVE|ZEM_FEATURE_VARIED_PERIOD
LAGS := ZEM_FEATURE_GUIDANCE|ZEM_FEATURE_TRACKER|ZEM_FEATURE_FILTER|ZEM_FEATURE_AUTOPILOT
# What the narrow engines may have, without noise (QUIET) and with it (LOOP).
QUIET := $(MANEUVERS)|ZEM_FEATURE_LIMIT|ZEM_FEATURE_SALVO|ZEM_FEATURE_CARLETON
LOOP := $(QUIET)|ZEM_FEATURE_NOISE
CHAIN := $(LAGS)|ZEM_FEATURE_TRANSITION
# An ideal seeker has neither lag nor noise.
IDEAL := ZEM_FEATURE_GUIDANCE|ZEM_FEATURE_PERFECT|ZEM_FEATURE_APN|ZEM_FEATURE_AUTOPILOT
KALMAN := ZEM_FEATURE_GUIDANCE|ZEM_FEATURE_KALMAN|ZEM_FEATURE_AUTOPILOT|ZEM_FEATURE_NOISE
BODIES := ZEM_FEATURE_POINT_MASS|ZEM_FEATURE_TARGET_DRAG|ZEM_FEATURE_INTERCEPTOR_DRAG
BODIES := $(BODIES)|ZEM_FEATURE_AERODYNAMIC_LIMIT|ZEM_FEATURE_LIFT_LIMIT
specialisation = -D'ZEM_FEATURES_POSSIBLE=($(1))' -D'ZEM_FEATURES_CERTAIN=($(2))' -DZEM_STAGES=$(3)
VARIANT_chain1 := $(call specialisation,$(CHAIN)|$(LOOP),$(CHAIN),1) -DZEM_NOISE_STEPS_LOG=2
VARIANT_chain3 := $(call specialisation,$(CHAIN)|$(LOOP),$(CHAIN),3) -DZEM_NOISE_STEPS_LOG=2
VARIANT_ideal1 := $(call specialisation,$(IDEAL)|$(QUIET),ZEM_FEATURE_GUIDANCE,1)
VARIANT_lag1 := $(call specialisation,$(LAGS)|$(LOOP),ZEM_FEATURE_GUIDANCE,1)
VARIANT_kalman1 := $(call specialisation,$(KALMAN)|ZEM_FEATURE_APN|ZEM_FEATURE_OGL|$(LOOP),$(KALMAN),1)
BODY := $(LAGS)|$(LOOP)|$(BODIES)
VARIANT_body1 := $(call specialisation,$(BODY),ZEM_FEATURE_POINT_MASS,1)
VARIANT_body3 := $(call specialisation,$(BODY),ZEM_FEATURE_POINT_MASS,3)
# An engine that can fly these rarer features is a tenth to a fifth slower. Only the variant "full" has them. It flies
# only cells that no other engine can fly, so its code is kept small.
FURTHER := ZEM_FEATURE_RAMP|ZEM_FEATURE_PARABOLA|ZEM_FEATURE_WEAVE_LAW|ZEM_FEATURE_TIME_TO_GO|ZEM_FEATURE_RADOME
FURTHER := $(FURTHER)|ZEM_FEATURE_QUADRATIC|ZEM_FEATURE_SAMPLED|ZEM_FEATURE_ACQUISITION
FURTHER := $(FURTHER)|ZEM_FEATURE_UNEQUAL|ZEM_FEATURE_QUADRATIC_TRACKER|ZEM_FEATURE_QUADRATIC_FILTER
VARIANT_usual := -D'ZEM_FEATURES_POSSIBLE=(~($(FURTHER)))'
VARIANT_full := -DZEM_COMPACT
# $(call engine_flags,NAME): the flags of the engine with the name ISA-VARIANT-PRECISION.
part = $(word $(2),$(subst -, ,$(1)))
engine_flags = $(ENGINE_FLAGS) $(if $(filter scalar $(SMALL),$(call part,$(1),1)),-O2) \
    $(ISA_$(call part,$(1),1)) \
    $(VARIANT_$(call part,$(1),2)) -DZEM_ISA=$(call part,$(1),1) -DZEM_VARIANT=$(call part,$(1),2) \
    -DZEM_PRECISION=$(call part,$(1),3) $(if $(filter double,$(call part,$(1),3)),-DZEM_DOUBLE \
    -DZEM_LANES=$(LANES_$(call part,$(1),1)_double),-DZEM_LANES=$(LANES_$(call part,$(1),1)))
comma := ,
# Instruction sets for native_exchange.c, which flies trials with exchanged draws for zem sensitivity; the best first.
EXCHANGE_NAMES_x86_64 := v3 baseline
EXCHANGE_NAMES := $(or $(EXCHANGE_NAMES_$(MACHINE)),baseline)
ENGINE_LIST := -D'ZEM_NATIVE_ENGINES(X)=$(foreach name,$(ENGINE_NAMES),X($(subst -,$(comma),$(name))))' \
    -D'ZEM_NATIVE_EXCHANGES(X)=$(foreach name,$(EXCHANGE_NAMES),X($(name)))'

# ---------------------------------------------------------------- files
NATIVE := host/device/native
SOURCES := $(sort $(filter-out $(NATIVE)/native_engine.c $(NATIVE)/native_exchange.c,$(shell find host -name '*.c')))
ENGINES := $(ENGINE_NAMES:%=$(OUT)/$(NATIVE)/native_engine_%.o) \
    $(EXCHANGE_NAMES:%=$(OUT)/$(NATIVE)/native_exchange_%.o)
EMBEDDED := embedded_kernels embedded_decks embedded_examples embedded_page
OBJECTS := $(SOURCES:%.c=$(OUT)/%.o) $(ENGINES) $(EMBEDDED:%=$(OUT)/%.o)
PARTS := $(filter-out $(OUT)/host/main.o,$(OBJECTS))
TESTS := $(patsubst %.c,$(OUT)/%,$(sort $(wildcard tests/*_test.c)))
DECK_NAMES := small standard large point-mass kalman salvo
DECKS := $(DECK_NAMES:%=benchmarks/decks/%.yaml)
DECK_TABLES := benchmarks/decks/digests.txt benchmarks/decks/operations.txt
FAULT_LIBRARY := $(if $(filter release,$(CONFIGURATION)),$(OUT)/tests/fault_library.so)
PAGE_FILES := $(addprefix host/view/,page.css explorer.html page_statistics.js explorer.js)
EXAMPLES := $(sort $(wildcard models/*.yaml))
EMBED := awk -f host/base/c_literal.awk -f
KERNELS := $(wildcard kernels/*.h kernels/*.cl)
# For `make fuzz`: the fuzzers, the sources that each of them compiles with instrumentation, and the functions that it
# replaces by its own.
FUZZ ?= scenario result checkpoint bench
FUZZED_scenario := $(filter-out %/key_reference.c,$(wildcard host/base/*.c host/scenario/*.c host/cell/*.c)) \
    host/run/run_check.c
FUZZED_result := $(filter-out host/result/hdf5%,$(wildcard host/result/*.c)) \
    $(addprefix host/view/,show.c show_json.c export.c page_data.c heat_map.c view.c table_text.c)
FUZZED_checkpoint := host/run/checkpoint.c host/run/work_queue.c host/result/totals.c
FUZZED_bench := $(filter-out %/bench.c %/peak.c %/energy.c,$(wildcard host/bench/*.c))
FUZZ_WRAPPED_result := zem_result_digest $(addprefix zem_hdf5_,reader_open reader_finish link_exists attribute_exists \
    read_text read_texts read_numbers numbers_count dataset_length dataset_check dataset_read dataset_take)
FUZZ_WRAPPED_bench := zem_run
FUZZ_SECONDS ?= 60
FUZZ_RUNS ?= -1
# The calls of each function by each command that `make faults` lets fail: "paths" means the first call of every path, a
# number means at most so many, and 0 means all calls, which takes days.
FAULTS ?= paths
# The files that .clang-format applies to (tests/limits_test.sh). Only version 14 of clang-format is used, because
# others format differently.
FORMATTED = $(shell find benchmarks host kernels tests -name '*.[ch]' -o -name '*.cl')
CLANG_FORMAT ?= $(firstword $(foreach name,clang-format-14 clang-format,\
    $(shell command -v $(name) 2>/dev/null)) clang-format)
PROGRAM := $(if $(filter release,$(CONFIGURATION)),build/zem,$(OUT)/zem)

.DELETE_ON_ERROR:
.SUFFIXES:
.PHONY: all demo check programs validate validation-table mutation bench bench-record bench-tables engines peers \
    gpu-report steps steps-random steps-front converge-random bundle gpu-proof matrix wheel deb install uninstall \
    clean format lint asan ubsan tsan fuzz faults coverage kernels-check help FORCE

all: $(PROGRAM) ## build the program, build/zem (default)

# Without -j on the command line, one job for each processor and at most four, because compiling an engine takes a
# gigabyte of memory.
PARALLEL = $(if $(findstring -j,$(MAKEFLAGS)),,-j$(shell n=$$(getconf _NPROCESSORS_ONLN); echo $$((n > 4 ? 4 : n))))

demo: ## install what is missing, build, run models/weave.yaml and show its surface
	@sh .ci/packages build
	@$(MAKE) --no-print-directory $(PARALLEL) all
	build/zem run models/weave.yaml -o build/weave.h5 --force
	build/zem show build/weave.h5
	build/zem plot build/weave.h5 -o build/weave.png
	@echo
	@echo "The surface is in build/weave.h5 (open it with xarray, MATLAB, h5dump, ...), a picture in build/weave.png."

check: ## install what is missing, build, run every test and print one line with the totals
	@sh .ci/packages build test
	@$(MAKE) --no-print-directory $(PARALLEL) all programs
	@sh tests/run.sh $(OUT)

# Builds the test programs, and those of benchmarks/ that need only a C compiler, and runs none.
programs: $(TESTS) $(FAULT_LIBRARY) $(OUT)/benchmarks/engines $(OUT)/benchmarks/ensemble

validate: programs ## fly the whole validation suite, with all its trials, against closed forms
	$(OUT)/tests/validation_test --full

validation-table: programs ## fly the whole validation suite and write models/VALIDATION.md anew
	$(OUT)/tests/validation_test --full --update

mutation: programs ## show that the validation suite notices each wrong change of tests/mutants.txt (half an hour)
	@CC='$(CC)' LIBS='$(CMOCKA_LIBS) $(LIBS)' sh tests/mutation.sh $(OUT) '$(MUTANT)'

bench: all ## measure this machine: the deck "standard" on what `--device auto` finds
	build/zem bench

bench-record: all ## measure every deck but "large" on every device here and keep the result in benchmarks/results/
	sh benchmarks/record.sh build/zem

bench-tables: $(OUT)/benchmarks/operations
bench-tables: all ## store the digests and operations of the decks anew, after a deck or the kernel version changed
	sh benchmarks/store_tables.sh build/zem $(OUT)/benchmarks/operations benchmarks/decks
	@$(MAKE) --no-print-directory all

engines: $(OUT)/benchmarks/engines ## time the engines of this processor against each other, cell by cell
	$< $(wildcard benchmarks/decks/*.yaml models/*.yaml)

peers: $(OUT)/benchmarks/ensemble
peers: all ## measure zem against other programs for the same deck on this processor; installs them in build/peers
	sh benchmarks/peers/run.sh build/zem build/peers $(OUT)/benchmarks/ensemble

gpu-report: all ## compile every deck's kernels for sm_90 without a GPU: registers, spills, instructions, issue bound
	python3 benchmarks/gpu_report.py build/zem build/gpu

PYTHONS_WITH_H5PY = $(foreach python,/usr/bin/python3 python3,\
    $(shell $(python) -c 'import h5py' 2>/dev/null && echo $(python)))

steps: all ## print the error and the time of settings of the step control (benchmarks/step_table.py)
	$(firstword $(PYTHONS_WITH_H5PY) python3) benchmarks/step_table.py build/zem benchmarks/decks/standard.yaml

steps-random: all ## print the error of the default step in random scenarios (SCENARIOS, SEED; a minute for five)
	$(firstword $(PYTHONS_WITH_H5PY) python3) benchmarks/step_random.py build/zem $(or $(SCENARIOS),50) $(or $(SEED),1)

steps-front: all ## print error and cost of the default step and of other settings in random scenarios (SCENARIOS, SEED)
	$(firstword $(PYTHONS_WITH_H5PY) python3) benchmarks/step_front.py build/zem $(or $(SCENARIOS),50) $(or $(SEED),1)

converge-random: all ## print whether zem converge states the right error in random scenarios (SCENARIOS, SEED)
	$(firstword $(PYTHONS_WITH_H5PY) python3) benchmarks/converge_random.py build/zem $(or $(SCENARIOS),50) $(or $(SEED),1)

# The tests in the bundle, which compare the processor and OpenCL devices with known answers and with each other.
BUNDLE ?= build/bundle
BUNDLE_TESTS = $(patsubst %,$(OUT)/tests/%_test,golden philox opencl identity)

bundle: all build/manuals/made $(BUNDLE_TESTS) ## make build/bundle, which runs without network, packages or root
	CC='$(CC)' sh benchmarks/bundle.sh '$(BUNDLE)' build/zem $(BUNDLE_TESTS)

gpu-proof: bundle ## prove and measure the GPUs of this machine in eight minutes; writes gpu-proof.json
	'$(BUNDLE)/gpu-proof' $(GPU_PROOF)

matrix: all ## compare digests of other compilers, drivers and processors; ROW=NAME for one (benchmarks/README.md)
	@sh benchmarks/matrix.sh $(ROW)

WHEELS ?= $(CURDIR)/build/wheel
WHEEL_PYTHON ?= $(firstword $(foreach python,/usr/bin/python3 python3,\
    $(shell $(python) -c 'import hatchling' 2>/dev/null && echo $(python))) python3)

wheel: ## build the Python package of host/python as build/wheel/zem-VERSION-py3-none-any.whl; needs hatchling
	cd host/python && $(WHEEL_PYTHON) -m hatchling build -t wheel -d "$(WHEELS)"

deb: ## build the Debian package build/deb/zem_VERSION-1_ARCHITECTURE.deb of the commit; needs debhelper, lintian
	.ci/packaging/make_deb $(VERSION)

# Installed pages must link to installed files only, so links to other files are changed after all files are installed.
BIN = $(DESTDIR)$(PREFIX)/bin
DATA = $(DESTDIR)$(PREFIX)/share/zem/models
DOCUMENTS = $(DESTDIR)$(PREFIX)/share/doc/zem

MANUALS = $(DESTDIR)$(PREFIX)/share/man
BASH_COMPLETIONS = $(DESTDIR)$(PREFIX)/share/bash-completion/completions
ZSH_FOLDER ?= share/zsh/site-functions
ZSH_COMPLETIONS = $(DESTDIR)$(PREFIX)/$(ZSH_FOLDER)
FISH_COMPLETIONS = $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d

install: all build/manuals/made ## install into $(DESTDIR)$(PREFIX)
	install -d "$(BIN)" "$(DATA)/guide" "$(DATA)/cluster" "$(DOCUMENTS)" "$(MANUALS)/man1" \
	    "$(MANUALS)/man5" "$(BASH_COMPLETIONS)" "$(ZSH_COMPLETIONS)" "$(FISH_COMPLETIONS)"
	install -m 755 build/zem "$(BIN)/zem"
	install -m 644 $(wildcard models/*.*) "$(DATA)"
	install -m 644 $(wildcard models/guide/*.*) "$(DATA)/guide"
	install -m 644 $(filter-out %.sh,$(wildcard models/cluster/*.*)) "$(DATA)/cluster"
	install -m 755 $(wildcard models/cluster/*.sh) "$(DATA)/cluster"
	install -m 644 build/manuals/*.1 "$(MANUALS)/man1"
	install -m 644 build/manuals/*.5 "$(MANUALS)/man5"
	install -m 644 build/manuals/zem.bash "$(BASH_COMPLETIONS)/zem"
	install -m 644 build/manuals/zem.zsh "$(ZSH_COMPLETIONS)/_zem"
	install -m 644 build/manuals/zem.fish "$(FISH_COMPLETIONS)/zem.fish"
	install -m 644 LICENSE CHANGELOG.md CITATION.cff "$(DOCUMENTS)"
	sed 's|](models/|](../../zem/models/|g' README.md >"$(DOCUMENTS)/README.md"
	@links=$$PWD/.ci/installed_links.awk; for page in "$(DOCUMENTS)"/*.md "$(DATA)"/*.md "$(DATA)"/*/*.md; do \
	    (cd "$${page%/*}" && awk -f "$$links" "$$page" >"$$page.new" && mv "$$page.new" "$$page" && \
	        chmod 644 "$$page") || exit 1; done

uninstall: ## remove what install installed
	rm -f "$(BIN)/zem" "$(MANUALS)"/man1/zem.1 "$(MANUALS)"/man1/zem-*.1 "$(MANUALS)/man5/zem-scenario.5" \
	    "$(MANUALS)/man5/zem-result.5" "$(BASH_COMPLETIONS)/zem" "$(ZSH_COMPLETIONS)/_zem" \
	    "$(FISH_COMPLETIONS)/zem.fish"
	rm -rf "$(DESTDIR)$(PREFIX)/share/zem" "$(DOCUMENTS)"

clean: ## remove build/
	rm -rf build

format: ## rewrite the C files by .clang-format; needs clang-format 14
	@$(CLANG_FORMAT) --version | grep -q 'version 14\.' || { echo "make format: needs clang-format 14" >&2; exit 1; }
	$(CLANG_FORMAT) -i $(FORMATTED)

lint: $(OUT)/build_info.h ## compile with warnings as errors; run shellcheck and, as advice, cppcheck where they are
	@for file in $(shell find host tests -name '*.c'); do \
	    echo "$(CC) -fsyntax-only $$file"; \
	    $(filter-out -MMD -MP,$(COMPILE)) $(ENGINE_LIST) -DZEM_ISA=baseline -DZEM_VARIANT=full -DZEM_PRECISION=single \
	        -Werror -fsyntax-only "$$file" || exit 1; done
	@if command -v cppcheck >/dev/null; then cppcheck --quiet --inline-suppr --std=c11 \
	    --enable=warning,portability --suppress=missingIncludeSystem --suppress=preprocessorErrorDirective \
	    --suppress=unknownMacro '--suppress=*:kernels/*' -I. -Ihost $(SOURCES); \
	else echo "cppcheck is not installed: left out"; fi
	@if command -v shellcheck >/dev/null; then \
	    shellcheck -S warning .ci/run .ci/packages benchmarks/bundle/zem $(wildcard tests/*.sh tests/shell/*.sh \
	        benchmarks/*.sh benchmarks/bundle/*.sh benchmarks/peers/*.sh models/cluster/*.sh); \
	else echo "shellcheck is not installed: left out"; fi

asan ubsan tsan: ## build and run the tests with a sanitizer: addresses and leaks, undefined behaviour, threads
	@$(MAKE) --no-print-directory CONFIGURATION=$@ build/$@/zem programs
	@sh tests/run.sh build/$@

fuzz: $(FUZZ:%=build/fuzz/%) $(PROGRAM) ## feed mutated inputs to their readers for FUZZ_SECONDS (60) each; needs clang
	@for target in $(FUZZ); do echo "fuzz $$target"; \
	    sh tests/shell/fuzz.sh build/zem $$target $(FUZZ_SECONDS) $(FUZZ_RUNS) || exit 1; done

build/fuzz/%: tests/fuzz_%.c tests/fuzz.h $(PARTS)
	@command -v clang >/dev/null || { echo "make fuzz: needs clang (apt install clang)" >&2; exit 1; }
	@mkdir -p $(@D)
	$(SAY) LD $@
	$(Q)clang -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined \
	    -I. -Ihost -I$(OUT) $(MODULE_CFLAGS) $(filter-out -fopenmp,$(REQUIRED)) -D_DEFAULT_SOURCE \
	    $(addprefix -Wl$(comma)--wrap=,ut_read_xml ut_free_system $(FUZZ_WRAPPED_$*)) -o $@ $< $(FUZZED_$*) \
	    $(filter-out $(FUZZED_$*:%.c=$(OUT)/%.o),$(PARTS)) -lgomp $(LIBS)

faults: all $(FAULT_LIBRARY) ## make calls of malloc, open, read and so on fail, by each command, on every path
	@rm -rf build/faults && mkdir -p build/faults
	FAULTS=$(FAULTS) ZEM=$(CURDIR)/build/zem SCRATCH=build/faults python3 tests/fault_test.py

coverage: ## run the tests with gcov and print the part of the lines that they reach
	@$(MAKE) --no-print-directory CONFIGURATION=$@ build/$@/zem programs
	@find build/$@ -name '*.gcda' -exec rm -f {} +
	-@sh tests/run.sh build/$@
	@cd build/$@ && gcov -n $(SOURCES:%.c=%.o) 2>/dev/null | awk ' \
	    function say(what, percent, lines) { printf "%-32s %6.1f %% of %5d lines\n", what, percent, lines } \
	    /^File .host/ { name = $$2; gsub(/\047/, "", name) } \
	    /^Lines executed/ && name { sub(/^[^:]*:/, ""); split($$0, part, "% of "); say(name, part[1], part[2]); \
	        hit += part[1] * part[2] / 100; all += part[2]; name = "" } \
	    END { say("total", 100 * hit / (all ? all : 1), all) }'

kernels-check: $(OUT)/embedded_kernels.c ## compile the kernels as OpenCL C 1.2 with clang, without a device
	@command -v clang >/dev/null || { echo "make kernels-check: needs clang (apt install clang)" >&2; exit 1; }
	@if grep -nE '#[[:space:]]*include[[:space:]]+"[^"]*host/' $(KERNELS); then \
	    echo "kernels/ must not include host/" >&2; exit 1; fi
	for lanes in 1 8 16; do for shots in 1 2; do \
	    clang -x cl -cl-std=CL1.2 -target spir64 -D__OPENCL_VERSION__=120 \
	        -DZEM_LANES=$$lanes -DZEM_RADII=3 -DZEM_SHOTS=$$shots -Xclang -finclude-default-header \
	        -Wall -Wno-unused-function -Werror -fsyntax-only kernels/engage.cl || exit 1; done; done

$(OUT)/benchmarks/engines: benchmarks/engines.c $(PARTS)
	@mkdir -p $(@D)
	$(SAY) CC $@
	$(Q)$(COMPILE) $(LDFLAGS) -o $@ $< $(PARTS) $(LIBS)

# The vectors are as wide as those of this processor.
$(OUT)/benchmarks/ensemble: benchmarks/ensemble.c $(wildcard kernels/*.h)
	@mkdir -p $(@D)
	$(SAY) CC $@
	$(Q)$(COMPILE) $(filter-out -g1,$(ENGINE_FLAGS)) -march=native -Wno-psabi \
	    $(if $(shell grep -sw avx512vl /proc/cpuinfo),-mprefer-vector-width=512) $(LDFLAGS) -o $@ $< -lm

# Compiles the kernels as C++, with types that count operations.
$(OUT)/benchmarks/operations: benchmarks/operations.cpp $(PARTS)
	@mkdir -p $(@D)
	$(SAY) CXX $@
	$(Q)$(CXX) -std=c++17 -O2 -ffp-contract=off -Wall -Wextra -I. -Ihost $(LDFLAGS) -o $@ $< $(PARTS) -fopenmp $(LIBS)

help: ## print this list
	@awk '/^[a-z][a-z -]*:.*## / { name = $$0; sub(/:.*/, "", name); sub(/.*## /, ""); \
	    printf "  %-18s %s\n", name, $$0 }' Makefile

# ---------------------------------------------------------------- rules
build/zem: $(OBJECTS)
	$(SAY) LD $@
	$(Q)$(LINK) -o $@ $(OBJECTS) $(LIBS)

# Manual pages and completion scripts, printed by the program from its tables of options and keys.
build/manuals/made: build/zem
	$(SAY) MANUALS $(@D)
	$(Q)rm -rf $(@D) && mkdir -p $(@D)
	$(Q)for command in $$(build/zem help | awk '/^Commands:/ { on = 1; next } /^$$/ { on = 0 } on { print $$1 }'); do \
	    build/zem help --man $$command >$(@D)/zem-$$command.1 || exit 1; done
	$(Q)build/zem help --man >$(@D)/zem.1
	$(Q)for file in scenario result; do build/zem help --man $$file >$(@D)/zem-$$file.5 || exit 1; done
	$(Q)for shell in bash zsh fish; do build/zem help --completion $$shell >$(@D)/zem.$$shell || exit 1; done
	$(Q)touch $@

# In other configurations than release the program is beside the objects.
build/asan/zem build/ubsan/zem build/tsan/zem build/coverage/zem: $(OBJECTS)
	$(SAY) LD $@
	$(Q)$(LINK) -o $@ $(OBJECTS) $(LIBS)
	$(Q)ln -sfn ../models build/models # the program looks for ../models

$(OUT)/$(NATIVE)/native_engines.o $(OUT)/$(NATIVE)/native_exchanges.o: CPPFLAGS += $(ENGINE_LIST)

# An object depends on this file too, so that changed flags rebuild it.
$(OUT)/host/%.o: host/%.c Makefile | $(OUT)/build_info.h
	@mkdir -p $(@D)
	$(SAY) CC $@
	$(Q)$(COMPILE) -c -o $@ $<

$(OUT)/$(NATIVE)/native_engine_%.o: $(NATIVE)/native_engine.c Makefile | $(OUT)/build_info.h
	@mkdir -p $(@D)
	$(SAY) CC $@
	$(Q)$(COMPILE) $(call engine_flags,$*) -c -o $@ $<

$(OUT)/$(NATIVE)/native_exchange_%.o: $(NATIVE)/native_exchange.c Makefile | $(OUT)/build_info.h
	@mkdir -p $(@D)
	$(SAY) CC $@
	$(Q)$(COMPILE) $(call engine_flags,$*-full-single) -c -o $@ $<

# tests/NAME_test.c is a program; files of tests/ called NAME_*.c without "_test" at the end belong to it.
helpers = $(patsubst %.c,$(OUT)/%.o,$(filter-out %_test.c,$(wildcard tests/$(1)_*.c)))

$(OUT)/tests/%.o: tests/%.c Makefile | $(OUT)/build_info.h
	@mkdir -p $(@D)
	$(SAY) CC $@
	$(Q)$(COMPILE) $(CMOCKA_CFLAGS) -c -o $@ $<

.SECONDARY:
.SECONDEXPANSION:
$(OUT)/tests/%_test: $(OUT)/tests/%_test.o $$(call helpers,$$*) $(PARTS)
	$(SAY) LD $@
	$(Q)$(LINK) -o $@ $^ $(CMOCKA_LIBS) $(LIBS)

# tests/fault_test.py preloads this library, which makes calls of the system fail.
$(OUT)/tests/fault_library.so: tests/fault_library.c Makefile
	@mkdir -p $(@D)
	$(SAY) CC $@
	$(Q)$(CC) -std=gnu11 -O1 -g -Wall -Wextra -shared -fPIC -o $@ $< -ldl

# Text files that are built into the program. A script for each set of files writes them as C.
$(OUT)/embedded_decks.c: host/bench/embed_decks.awk $(DECK_TABLES) $(DECKS)
$(OUT)/embedded_kernels.c: host/device/opencl/embed_kernels.awk kernels/engage.cl $(wildcard kernels/*.h)
$(OUT)/embedded_examples.c: host/scenario/embed_examples.awk $(EXAMPLES)
$(OUT)/embedded_page.c: host/view/embed_page.awk $(PAGE_FILES)
$(EMBEDDED:%=$(OUT)/%.c): host/base/c_literal.awk
	@mkdir -p $(@D)
	$(SAY) EMBED $@
	$(Q)$(EMBED) $(filter-out %.h host/base/%,$^) >$@

$(EMBEDDED:%=$(OUT)/%.o): $(OUT)/%.o: $(OUT)/%.c Makefile
	$(SAY) CC $@
	$(Q)$(COMPILE) -c -o $@ $<

# A header with version and commit, rewritten only when they change. If this folder is not the top of a git checkout,
# the commit is $(COMMIT), or "unknown" without it.
$(OUT)/build_info.h: FORCE
	@mkdir -p $(@D)
	@commit=$(or $(COMMIT),unknown); \
	if [ "$$(git rev-parse --show-toplevel 2>/dev/null)" = "$$(pwd -P)" ]; then \
	    commit=$$(git describe --always --dirty --abbrev=12 --exclude='*' 2>/dev/null || echo unknown); fi; \
	printf '#define ZEM_BUILD_VERSION "%s"\n#define ZEM_BUILD_COMMIT "%s"\n' '$(VERSION)' "$$commit" >$@.new; \
	if cmp -s $@.new $@; then rm -f $@.new; else mv $@.new $@; fi

-include $(shell find $(OUT) -type f -name '*.d' 2>/dev/null)
