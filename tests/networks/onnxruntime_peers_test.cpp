// Every network, written to one file, gives the same logits in ONNX Runtime at several sizes.
#include "support/networks/onnxruntime.h"
#include "support/networks/tested_networks.h"

namespace inlay::testing {
namespace {

// One test, since starting ONNX Runtime takes longer than all of them.
TEST_F(OnnxRuntime, AgreesForEveryNetwork) {
  for (const TestedNetwork& tested : tested_networks())
    for (const std::int64_t classes : {1, 4}) {
      if (tested.is_large() && classes > 1) continue;
      Model model = tested.model(classes);
      unsettle(model);
      const SizeRule& size = model.info.size;
      add(tested.name, model,
          std::vector{Shape{1, 3, size.fit(37), size.fit(50)}, Shape{2, 3, size.fit(1), size.fit(21)}});
    }
  expect_same();
}

}  // namespace
}  // namespace inlay::testing
