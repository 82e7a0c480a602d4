#include "console.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

void write_error(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

bool is_terminal() {
  const char* term = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) == 1 && term != nullptr && std::strcmp(term, "dumb") != 0;
}

}  // namespace

Console::Console() : terminal_(is_terminal()) {}
Console::~Console() { clear_progress(); }

int Console::columns() const {
  winsize size{};
  const bool known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? std::min<int>(size.ws_col, 80) : 80;
}

void Console::line(std::string_view text) {
  clear_progress();
  write_error(fmt::format("{}\n", text));
}

void Console::warning(std::string_view text) { line(fmt::format("inlay: warning: {}", text)); }
void Console::error(std::string_view text) { line(fmt::format("inlay: error: {}", text)); }

inlay::LogSink Console::log() {
  return [this](inlay::Severity severity, std::string_view text) {
    if (severity == inlay::Severity::warning)
      warning(text);
    else
      line(fmt::format("inlay: {}", text));
  };
}

bool Console::progress_due() {
  if (!terminal_) return false;
  const auto now = std::chrono::steady_clock::now();
  if (now - last_ < std::chrono::milliseconds(100)) return false;
  last_ = now;
  return true;
}

void Console::progress(std::string_view text) {
  drawn_ = true;
  write_error(fmt::format("\r{}\x1b[K", text));
}

void Console::clear_progress() {
  if (!drawn_) return;
  drawn_ = false;
  write_error("\r\x1b[K");
}

void CountProgress::operator()(std::int64_t done, std::int64_t count, double part) {
  constexpr std::chrono::seconds kQuiet(30);
  const auto now = std::chrono::steady_clock::now();
  if (!console_.terminal()) {
    if (now - last_line_ < kQuiet) return;
    last_line_ = now;
    console_.line(fmt::format("{} {}/{}", what_, done, count));
    return;
  }
  if (!console_.progress_due()) return;
  const double seconds = std::chrono::duration<double>(now - start_).count();
  const double finished = static_cast<double>(done) + part, all = static_cast<double>(count);
  const double rate = finished / std::max(seconds, 1e-9);
  const std::string right = fmt::format(" {}/{}  {:.3g} {}/s  {} left", done, count, rate, unit_,
                                        clock_text((all - finished) / std::max(rate, 1e-9)));
  const int room = console_.columns() - 1 - static_cast<int>(what_.size() + 1 + right.size());
  console_.progress(what_ + " " + bar(finished / all, std::min(room, 24)) + right);
}

std::string bar(double share, int columns) {
  std::string text;
  const int full = static_cast<int>(std::clamp(share, 0.0, 1.0) * columns + 0.5);
  for (int i = 0; i < columns; ++i) text += i < full ? "━" : "·";
  return text;
}

std::string clock_text(double seconds) {
  const auto whole = static_cast<std::int64_t>(std::max(seconds, 0.0) + 0.5);
  if (whole < 3600) return fmt::format("{}:{:02}", whole / 60, whole % 60);
  return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

std::string duration_text(double seconds) {
  if (seconds < 9.95) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<std::int64_t>(seconds + 0.5);
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} h {} min", whole / 3600, whole / 60 % 60);
}
