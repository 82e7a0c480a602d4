#include "interrupt.h"

#include <unistd.h>

#include <csignal>
#include <cstring>

namespace {

volatile std::sig_atomic_t stop_asked = 0;
const char* stop_notice = "";

extern "C" void on_signal(int) {
  stop_asked = 1;
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, stop_notice, std::strlen(stop_notice));
}

}  // namespace

void catch_interrupts(const char* notice) {
  stop_notice = notice;
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
}

bool interrupted() { return stop_asked != 0; }
