// inlay: semantic segmentation on the command line.
// Exit codes: 0 done, 1 failed or interrupted, 2 wrong use or bad input.
#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <new>

#include "base/nearest_name.h"
#include "command.h"
#include "help.h"
#include "inlay/error.h"
#include "inlay/version.h"

namespace {

/// The command that the words asked for, as deep as they named one.
const CLI::App& innermost(const CLI::App& app) {
  const std::vector<CLI::App*> called = app.get_subcommands();
  return called.empty() ? app : innermost(*called.front());
}

std::string full_name(const CLI::App& app) {
  return app.get_parent() == nullptr ? app.get_name() : full_name(*app.get_parent()) + " " + app.get_name();
}

std::vector<std::string> names_in(const CLI::App& app, bool options) {
  std::vector<std::string> names;
  if (options)
    for (const CLI::Option* option : app.get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
      for (const std::string& name : option->get_snames()) names.push_back("-" + name);
    }
  else
    for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
      names.push_back(command->get_name());
  return names;
}

std::string unknown(const CLI::App& app, const std::string& word, const char* what, bool options) {
  const std::vector<std::string> names = names_in(app, options);
  const std::vector<std::string_view> views(names.begin(), names.end());
  return fmt::format("unknown {} '{}'{}", what, word, inlay::suggestion(word, views));
}

std::string explain(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App& command = innermost(app);
  const std::string help = fmt::format("; see '{} --help'", full_name(command));
  const bool has_commands = !names_in(command, false).empty();
  for (const std::string& raw : command.remaining()) {
    const std::string word = raw.substr(0, raw.find('='));
    if (word.size() > 1 && word[0] == '-') return unknown(command, word, "option", true) + help;
    if (has_commands) return unknown(command, word, "command", false) + help;
    return fmt::format("'{}' is one word too many", raw) + help;
  }
  if (has_commands) return fmt::format("say which command: {}", fmt::join(names_in(command, false), ", ")) + help;
  std::string text = error.what();
  for (char& c : text)
    if (c == '\n') c = ' ';
  return text + help;
}

int run(int argc, char** argv, Program& program) {
  CLI::App app{"Inlay trains networks that label every pixel of a picture, on an ordinary CPU.", "inlay"};
  app.formatter(std::make_shared<HelpFormatter>());
  app.set_help_flag("-h,--help", "show this text");
  app.set_version_flag("--version", fmt::format("inlay {}", inlay::kVersion), "show the version");
  app.require_subcommand(1);
  app.footer(
      "'inlay COMMAND --help' says more about a command.\n\nExample:\n"
      "  inlay data synth -o cells\n  inlay train cells\n  inlay predict runs/cells-unet/best.onnx cells/test/images "
      "-o labels --overlay");
  add_train(app, program);
  add_evaluate(app, program);
  add_score(app, program);
  add_compare(app, program);
  add_predict(app, program);
  add_inspect(app, program);
  add_summary(app, program);
  add_data(app, program);
  add_convert(app, program);
  add_bench(app, program);
  add_compare_upsampling(app, program);
  add_tune(app, program);
  add_models(app, program);
  add_explain(app, program);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& wanted) {  // --help, --version
    return app.exit(wanted);
  } catch (const CLI::ParseError& error) {
    program.console.error(explain(app, error));
    return 2;
  }
  return program.status;
}

int run_guarded(int argc, char** argv, Program& program) {
  try {
    return run(argc, argv, program);
  } catch (const inlay::InputError& error) {
    program.console.error(error.what());
    return 2;
  } catch (const std::bad_alloc&) {
    program.console.error("not enough memory; try a smaller --batch or --size");
  } catch (const std::exception& error) {
    if (std::ferror(stdout) == 0) program.console.error(error.what());  // otherwise main() says it better
  }
  return 1;
}

// A descriptor that was closed by the caller must not be given to the first file that is opened: what is printed would
// be written into that file. Opened for reading, so that writing to it is still an error.
void occupy_standard_descriptors() {
  int fd = 0;
  while ((fd = ::open("/dev/null", O_RDONLY)) >= 0 && fd <= STDERR_FILENO) continue;
  if (fd >= 0) ::close(fd);
}

}  // namespace

int main(int argc, char** argv) {
  occupy_standard_descriptors();
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is an error with a message
  Program program;
  for (int i = 0; i < argc; ++i)
    program.command_line += fmt::format("{}{}", i == 0 ? "" : " ", i == 0 ? "inlay" : argv[i]);
  int status = run_guarded(argc, argv, program);
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    program.console.error(fmt::format("cannot write to standard output: {}", std::strerror(errno)));
    if (status == 0) status = 1;
  }
  return status;
}
