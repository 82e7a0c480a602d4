// Scores of masks and of models are the same, and models are compared.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "cli/program.h"

namespace inlay::testing {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;

std::vector<std::string> keys_of(const json& object) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.push_back(key);
  return keys;
}

TEST(Scoring, OfAModelOfItsMasksAndOfTwoModels) {
  const TempFolder folder;
  draw_cells(folder);
  for (const std::string seed : {"1", "2"})
    ASSERT_EQ(run_inlay(folder, "convert unet --width 4 --depth 2 --channels 1 --classes 2 --seed " + seed + " -o net" +
                                    seed + ".onnx")
                  .status,
              0);
  ASSERT_EQ(run_inlay(folder, "predict net1.onnx cells/val/images -o labels").status, 0);

  const std::string metrics = " --metrics default,pq,boundary_f1,v_rand --json -";
  const Outcome evaluate = run_inlay(folder, "evaluate net1.onnx cells" + metrics);
  ASSERT_EQ(evaluate.status, 0) << evaluate.err;
  const json model = json::parse(evaluate.out);
  for (const std::string truth : {"cells/val/masks", "cells"}) {
    const Outcome run = run_inlay(folder, "score labels " + truth + metrics);
    ASSERT_EQ(run.status, 0) << run.err;
    const json masks = json::parse(run.out);
    EXPECT_EQ(keys_of(masks), keys_of(model));
    EXPECT_EQ(keys_of(masks["classes"][1]), keys_of(model["classes"][1]));
    EXPECT_TRUE(masks["cross_entropy"].is_null());
    for (const char* key : {"mean_iou", "boundary_f1", "images"}) EXPECT_EQ(masks[key], model[key]) << key;
    EXPECT_EQ(masks["intervals"]["boundary_f1"], model["intervals"]["boundary_f1"]);
    if (truth == "cells") continue;  // its classes have names, and the membrane is the border then
    for (const char* key : {"pq", "v_rand"}) EXPECT_EQ(masks[key], model[key]) << key;
  }
  EXPECT_GT(model["intervals"]["mean_iou"][1], model["intervals"]["mean_iou"][0]);

  const Outcome averaged = run_inlay(folder, "evaluate net1.onnx cells --tta flips" + metrics);
  ASSERT_EQ(averaged.status, 0) << averaged.err;
  EXPECT_NE(json::parse(averaged.out)["cross_entropy"], model["cross_entropy"]);
  ASSERT_EQ(run_inlay(folder, "predict net1.onnx cells/val/images -o averaged --tta flips").status, 0);
  const Outcome same = run_inlay(folder, "score averaged cells/val/masks" + metrics);
  EXPECT_EQ(json::parse(same.out)["mean_iou"], json::parse(averaged.out)["mean_iou"]) << "as predict labels";
  EXPECT_THAT(run_inlay(folder, "evaluate net1.onnx cells --tta turns").err,
              HasSubstr("--tta: 'turns' is not possible; expected none, flips, d4, scales, or two as flips,scales"));

  const Outcome table = run_inlay(folder, "score labels cells --metrics all");
  EXPECT_EQ(table.status, 0) << table.err;
  EXPECT_THAT(table.out,
              AllOf(HasSubstr("95 % interval over images"), HasSubstr("warping_error"), HasSubstr("membrane")));

  const Outcome compare =
      run_inlay(folder, "compare net1.onnx net2.onnx cells --metrics miou,ece -o apart --json out.json");
  ASSERT_EQ(compare.status, 0) << compare.err;
  EXPECT_THAT(compare.out, AllOf(HasSubstr("A  net1.onnx"), HasSubstr("B - A"), HasSubstr("differ most in mean_iou"),
                                 HasSubstr("\nlower is better: ece\n")));
  const json comparison = json::parse(contents(folder / "out.json"));
  EXPECT_EQ(comparison["metrics"][0]["first"], model["mean_iou"]);
  EXPECT_EQ(comparison["metrics"][1]["name"], "ece");
  EXPECT_EQ(comparison["pictures"].size(), files_below(folder / "apart").size());
}

TEST(Scoring, RefusesWhatItCannotScore) {
  const TempFolder folder;
  draw_cells(folder);
  Outcome run = run_inlay(folder, "evaluate net.onnx cells --metrics boundry_f1");
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.err, HasSubstr("did you mean 'boundary_f1'?"));
  run = run_inlay(folder, "score cells/val/masks cells/val/masks --metrics ece");
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.err, HasSubstr("masks hold none"));
  run = run_inlay(folder, "score cells/val/masks cells/test/masks");
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.err, HasSubstr("have no prediction of the same stem"));
  run = run_inlay(folder, "score cells/val/masks cells/val/masks --void maybe");
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.err, HasSubstr("expected ignore or count"));
}

}  // namespace
}  // namespace inlay::testing
