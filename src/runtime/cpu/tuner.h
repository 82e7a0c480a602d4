// Which of several algorithms is fastest for a shape on this machine: measured once, remembered in a file that people
// can read.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>

namespace inlay {

/// Moves on with kernels that are so much faster or slower that what was measured before them misleads.
constexpr int kTimedKernels = 3;

class Tuner {
 public:
  /// `file`: JSON, machine -> problem -> algorithm -> milliseconds, and "kernels": their version. An unreadable file,
  /// and one of other kernels (kTimedKernels), counts as empty.
  explicit Tuner(std::string file);
  ~Tuner();

  /// The candidate with the least time(candidate) in seconds: as remembered, when all of them were timed before. It is
  /// called a few times for each of those that may win.
  std::string choose(const std::string& problem, std::span<const std::string> candidates,
                     const std::function<double(const std::string&)>& time);

  /// Writes what was learnt since, merged with what others wrote meanwhile. A folder that cannot be written is no
  /// error.
  void save();

 private:
  std::string file_;
  std::string machine_;
  using Timings = std::map<std::string, double>;  // milliseconds

  static Timings time_in_turn(std::span<const std::string> candidates,
                              const std::function<double(const std::string&)>& time);

  std::map<std::string, Timings> known_, learnt_;
};

/// The file in the user's cache folder: $XDG_CACHE_HOME/inlay/tuning.json, else ~/.cache/inlay/tuning.json; "" without
/// a home.
std::string tuning_file();

/// The processor's name. A machine in the file is "NAME, N threads".
std::string processor_name();

/// machine -> problem -> algorithm -> milliseconds, as in the file; one that is unreadable counts as empty.
std::map<std::string, std::map<std::string, std::map<std::string, double>>> read_timings(const std::string& file);

/// Removes the machines with this processor from the file, or all where `processor` is empty; returns how many problems
/// that were. Throws Error when the file cannot be written.
std::int64_t clear_timings(const std::string& file, const std::string& processor);

/// False when the environment says INLAY_TUNE=off.
bool tuning_allowed();

}  // namespace inlay
