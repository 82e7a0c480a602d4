// Every network learns: its gradients are right, and it can know four pictures by heart.
#include <gtest/gtest.h>

#include "support/networks/learning.h"
#include "support/networks/tested_networks.h"

namespace inlay::testing {
namespace {

class Learns : public ::testing::TestWithParam<TestedNetwork> {
 protected:
  Batch batch_for(const Model& model) const {
    return pictures(model.info.size.fit(GetParam().side), GetParam().coarse);
  }
};

TEST_P(Learns, AStepAgainstTheGradientLowersTheLossByAsMuchAsItSays) {
  const Model model = GetParam().model();
  Learning learning(model, batch_for(model));
  EXPECT_NEAR(learning.descend(1e-4, 1), 1, 0.1) << "from the first weights";
  for (int i = 0; i < 5; ++i) learning.adam_step(0.003, 1);
  EXPECT_NEAR(learning.descend(1e-4, 1), 1, 0.1) << "from later ones";
}

TEST_P(Learns, FourPicturesByHeart) {
  const Model model = GetParam().model();
  Learning learning(model, batch_for(model));
  double loss = 0, score = 0;
  int step = 0;
  for (; step < GetParam().steps && score < 0.98; ++step) {
    loss = learning.adam_step(0.003, static_cast<std::uint64_t>(step));
    if (step % 20 == 19) score = learning.mean_iou();
  }
  EXPECT_GE(score, 0.98) << "after " << step << " steps, with a loss of " << loss;
  RecordProperty("steps", step);
}

INSTANTIATE_TEST_SUITE_P(Networks, Learns, ::testing::ValuesIn(tested_networks()),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace inlay::testing
