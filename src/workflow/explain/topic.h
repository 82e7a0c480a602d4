// A topic of the lecture: a table of what it reads and what it shows. One file a topic; topics.cpp lists them.
#pragma once

#include "workflow/explain/options.h"

namespace inlay {

struct Topic {
  std::string_view name, title, about, example;
  std::vector<ExplainOption> (*options)();
  Explanation (*explain)(const ExplainTexts&);
  /// Options that a page lets its reader move, with the values to choose from; where it starts is what was asked for.
  std::vector<ExplainSlider> sliders;
  /// Null: the page shows no more than the explanation.
  ExplainVariant (*variant)(const ExplainTexts&) = nullptr;
  bool pictures = false;
};

extern const Topic kConvTopic, kConvTransposeTopic, kDilatedTopic, kMaxPoolTopic, kMaxUnpoolTopic, kNearestTopic,
    kBilinearTopic, kBicubicTopic, kBedOfNailsTopic, kCheckerboardTopic, kReceptiveFieldTopic, kSkipTopic,
    kSlidingWindowTopic;

/// All of them, in the order of the lecture.
std::span<const Topic* const> topics();

/// Every combination of the topic's sliders, worked out.
ExplainPlayground playground(const Topic& topic, const ExplainTexts& texts);

}  // namespace inlay
