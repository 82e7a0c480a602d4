#include "base/threads.h"
#include "workflow/evaluation_report.h"
#include "workflow/scored_set.h"

namespace inlay::workflow {

Evaluation evaluate(const EvaluateRequest& request) {
  const ThreadScope threads(request.threads);
  Segmenter segmenter = open_segmenter(request);
  const Dataset dataset = open_scored_set(request);
  EvaluateOptions options = evaluate_options(request);
  ReportMaterial material(dataset.classes().names);
  if (!request.report.empty())
    options.on_image = [&](const Sample& sample, const Mask& prediction, const Tensor& logits) {
      material.add(sample.mask, prediction, logits);
    };
  Evaluation result = inlay::evaluate(segmenter, dataset, request.split, options);
  result.intervals = bootstrap(*result.scorer);
  if (request.on_scores) request.on_scores(result);
  if (!request.report.empty()) write_evaluation_report(request, result, material, segmenter, dataset);
  return result;
}

}  // namespace inlay::workflow
