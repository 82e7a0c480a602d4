# Front doors to the CMake presets. PRESET=dev builds with the sanitizers.
PRESET ?= release
BUILD := build/$(PRESET)
INLAY := build/release/bin/inlay

.PHONY: help deps configure build test bench bench-peers demo format lint clean

help:
	@echo "make demo    build, train a U-Net on made-up cells, score it, label new images"
	@echo "make build   the program: build/release/bin/inlay"
	@echo "make test    the fast tests and the slow ones; PRESET=dev with sanitizers"
	@echo "make bench   single operators, then a few cases beside other programs"
	@echo "make bench-peers  all cases beside ONNX Runtime, OpenVINO, PyTorch, TensorFlow;"
	@echo "             options: make bench-peers ARGS='--cases I1 T1 --write' (or --help)"
	@echo "make format  clang-format;   make lint   clang-tidy, layers, file sizes"

deps:
	@tools/install_dependencies.sh

configure: deps
	@cmake --preset $(PRESET) > /dev/null || cmake --preset $(PRESET)

build: configure
	@cmake --build --preset $(PRESET)

test: build
	@ctest --preset $(PRESET) --output-on-failure --parallel 2

demo:
	@$(MAKE) --no-print-directory build
	@tools/demo.sh $(INLAY)

bench: build
	@bench/run.sh

bench-peers: build
	@python3 bench/peers/compare.py $(ARGS)

format:
	@command -v clang-format > /dev/null || { echo "clang-format is missing: apt-get install clang-format" >&2; exit 1; }
	@git ls-files '*.cpp' '*.h' | xargs clang-format -i

lint: deps
	@command -v clang-tidy > /dev/null || { echo "clang-tidy is missing: apt-get install clang-tidy" >&2; exit 1; }
	@python3 tools/check_layers.py
	@python3 tools/check_sizes.py
	@cmake --preset lint > /dev/null
	@git ls-files 'src/*.cpp' 'apps/*.cpp' | xargs -P 2 -n 8 clang-tidy -p build/lint --quiet --extra-arg=-Wno-unknown-warning-option

clean:
	rm -rf build
