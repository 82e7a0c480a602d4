#include "ops/outcomes.h"

#include "ops/checks.h"
#include "ops/pixel_loss.h"

namespace inlay {

void check_outcomes(TypeList in) {
  expect_picture("logits", in[0]);
  const std::int64_t channels = in[0].shape[1];
  if (channels < 1 || channels > 256) fail_input("logits is {}, expected 1 to 256 channels", to_string(in[0]));
  check_pixel_loss(in, channels, outcome_count(channels));
}

}  // namespace inlay
