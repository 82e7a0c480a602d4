#include "inlay/workflow.h"
#include "runtime/cpu/tuner.h"

namespace inlay::workflow {

Tuning tuning() {
  const std::string file = tuning_file();
  return {file, processor_name(), read_timings(file)};
}

std::int64_t clear_tuning(bool all) { return clear_timings(tuning_file(), all ? "" : processor_name()); }

}  // namespace inlay::workflow
