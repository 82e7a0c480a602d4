# -Wno-restrict -Wno-stringop-overflow: GCC 12 reports std::string's own operator+ (its bug 105651).
# -Wno-missing-field-initializers: fields that designated initialisers leave out have their defaults.
add_library(inlay_options INTERFACE)
target_compile_options(inlay_options INTERFACE
  $<BUILD_INTERFACE:-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wnon-virtual-dtor -Werror -Wno-restrict -Wno-stringop-overflow -Wno-missing-field-initializers>)
if(INLAY_SANITIZE)
  target_compile_options(inlay_options INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  target_link_options(inlay_options INTERFACE -fsanitize=address,undefined)
endif()
