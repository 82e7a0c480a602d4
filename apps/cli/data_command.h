// The commands below `inlay data`, one file each.
#pragma once

#include "command.h"

void add_data_synth(CLI::App& data, Program& program);
void add_data_check(CLI::App& data, Program& program);
void add_data_info(CLI::App& data, Program& program);
void add_data_convert(CLI::App& data, Program& program);
void add_data_split(CLI::App& data, Program& program);
void add_data_preview(CLI::App& data);
