// Errors that a caller can cause. Inlay throws them; it never prints, aborts or exits.
#pragma once

#include <stdexcept>
#include <string>

namespace inlay {

/// Something failed that is nobody's mistake: a full disk, a file that vanished (exit code 1).
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The caller gave something that cannot work: a wrong shape, an unreadable image, an unknown option (exit code 2).
/// The message says where, what was got, what was expected and what to do.
class InputError : public Error {
 public:
  using Error::Error;
};

}  // namespace inlay
