// Every network learns: its gradients are right, and it can know four pictures by heart.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <limits>
#include <optional>

#include "support/networks/learning.h"
#include "support/networks/tested_networks.h"

namespace inlay::testing {
namespace {

class Learns : public ::testing::TestWithParam<TestedNetwork> {
 protected:
  Batch batch_for(const Model& model) const {
    return pictures(model.info.size.fit(GetParam().side), GetParam().coarse, model.info.size.margin);
  }
};

/// Of steps of three lengths the one that comes nearest to what its gradient says: where a maximum moves to another
/// pixel, max-unpooling jumps, and only a shorter step stays in front of the jump.
double descend(const Model& model, const Batch& batch) {
  double nearest = std::numeric_limits<double>::infinity();
  for (const double share : {1e-3, 1e-4, 1e-5}) {
    const double found = Learning(model, batch).descend(share, 1);
    if (std::abs(found - 1) < std::abs(nearest - 1)) nearest = found;
  }
  return nearest;
}

/// For nets that un-pool: steps are so short that the rounding of bf16x3 moves maxima which the step does not.
class WithoutMatrixUnits {
 public:
  WithoutMatrixUnits() : limited_before_(std::getenv("INLAY_ISA") != nullptr) { ::setenv("INLAY_ISA", "avx512", 0); }
  ~WithoutMatrixUnits() {
    if (!limited_before_) ::unsetenv("INLAY_ISA");
  }

 private:
  bool limited_before_;
};

TEST_P(Learns, AStepAgainstTheGradientLowersTheLossByAsMuchAsItSays) {
  const Model model = GetParam().model();
  std::optional<WithoutMatrixUnits> precise;
  if (to_string(model.graph).find("= max_unpool2d(") != std::string::npos) precise.emplace();
  const Batch batch = batch_for(model);
  if (!GetParam().at_kinks) {
    EXPECT_NEAR(descend(model, batch), 1, 0.1) << "from the first weights";
  }
  Learning learning(model, batch);
  for (int i = 0; i < 5; ++i) learning.adam_step(0.003, 1);
  EXPECT_NEAR(descend(learning.model(), batch), 1, 0.1) << "from later ones";
}

// Where one start leads to is a matter of rounding, and so of the processor: of three, one must arrive.
TEST_P(Learns, FourPicturesByHeart) {
  std::string tried;
  for (const std::uint64_t seed : {1, 2, 3}) {
    const Model model = GetParam().model(3, seed);
    Learning learning(model, batch_for(model));
    double loss = 0, score = 0;
    int step = 0;
    for (; step < GetParam().steps && score < 0.98; ++step) {
      loss = learning.adam_step(0.003, static_cast<std::uint64_t>(step));
      if (step % 20 == 19) score = learning.mean_iou();
    }
    if (score >= 0.98) return RecordProperty("steps", step);
    tried += fmt::format("seed {}: a score of {} and a loss of {} after {} steps\n", seed, score, loss, step);
  }
  FAIL() << tried;
}

INSTANTIATE_TEST_SUITE_P(Networks, Learns, ::testing::ValuesIn(trained_networks()),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace inlay::testing
