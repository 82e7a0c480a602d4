// Ctrl-C: the first asks the work to stop, the second ends the process.
#pragma once

/// From now on SIGINT and SIGTERM set interrupted(), once each way; `notice` is written to standard error then and must
/// outlive the program.
void catch_interrupts(const char* notice);
bool interrupted();
