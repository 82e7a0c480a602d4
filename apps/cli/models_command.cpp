#include <fmt/format.h>

#include "command.h"
#include "help.h"

void add_models(CLI::App& app, Program&) {
  CLI::App* command = app.add_subcommand("models", "Lists the networks and their settings with the defaults.");
  command->footer("Example:\n  inlay models");
  command->callback([] {
    for (const inlay::Architecture& network : inlay::architectures())
      fmt::print("{}\n  {}\n  settings: {}\n", network.name,
                 wrap(fmt::format("{} ({})", network.about, network.paper), 2),
                 wrap(std::string(network.settings), 12));
  });
}
