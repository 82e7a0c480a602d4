// What people see on standard error: messages, and one line of progress that is redrawn in place on a terminal.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "inlay/log.h"

class Console {
 public:
  Console();
  ~Console();
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;

  bool terminal() const { return terminal_; }
  /// Columns that a line may take, at most 80.
  int columns() const;

  void line(std::string_view text);
  void warning(std::string_view text);
  void error(std::string_view text);
  /// "inlay: warning: ..." and "inlay: ...".
  inlay::LogSink log();

  /// True when it is time to draw again: at most ten times a second, never when this is no terminal.
  bool progress_due();
  void progress(std::string_view text);
  void clear_progress();

 private:
  bool terminal_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point last_{};
};

/// "labelling ━━━━━━      12/40  183 images/s  0:12 left" on a terminal; elsewhere a line every half a minute.
class CountProgress {
 public:
  CountProgress(Console& console, std::string what, std::string unit = "images")
      : console_(console), what_(std::move(what)), unit_(std::move(unit)) {}
  ~CountProgress() { console_.clear_progress(); }
  CountProgress(const CountProgress&) = delete;
  CountProgress& operator=(const CountProgress&) = delete;
  /// `part`: of the next one that is done, 0..1.
  void operator()(std::int64_t done, std::int64_t count, double part = 0);

 private:
  Console& console_;
  std::string what_, unit_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now(), last_line_ = start_;
};

/// A bar of that many columns, filled by `share` (0..1).
std::string bar(double share, int columns);
/// "0:12", "1:02:03".
std::string clock_text(double seconds);
/// "8.4 s", "12 s", "3 min 20 s", "2 h 5 min".
std::string duration_text(double seconds);
