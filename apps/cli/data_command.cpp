#include "data_command.h"

void add_data(CLI::App& app, Program& program) {
  CLI::App* data = app.add_subcommand("data", "Makes, checks and describes data sets: folders of images and masks.");
  data->require_subcommand(1);
  add_data_synth(*data, program);
  add_data_check(*data, program);
  add_data_info(*data, program);
  add_data_convert(*data, program);
  add_data_split(*data, program);
  add_data_preview(*data);
  data->footer("Example:\n  inlay data info cells");
}
