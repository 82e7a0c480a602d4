// index.html of an inspection.
#pragma once

#include <string>

#include "inlay/inspection.h"

namespace inlay::workflow {

struct InspectedNet {
  std::string picture, model, architecture;  // names for people
};

std::string to_html(const Inspection& inspection, const InspectedNet& net);

}  // namespace inlay::workflow
