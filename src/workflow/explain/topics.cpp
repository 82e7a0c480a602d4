#include <array>

#include "base/fail.h"
#include "base/nearest_name.h"
#include "workflow/explain/topic.h"

namespace inlay {
namespace {

const Topic& find_topic(std::string_view name) {
  std::vector<std::string_view> names;
  for (const Topic* topic : topics()) {
    if (topic->name == name) return *topic;
    names.push_back(topic->name);
  }
  fail_input("there is nothing to explain about '{}'; the topics are {}{}", name, fmt::join(names, ", "),
             suggestion(name, names));
}

}  // namespace

std::span<const Topic* const> topics() {
  static constexpr std::array kTopics{&kSlidingWindowTopic, &kConvTopic,          &kReceptiveFieldTopic,
                                      &kDilatedTopic,       &kMaxPoolTopic,       &kMaxUnpoolTopic,
                                      &kNearestTopic,       &kBedOfNailsTopic,    &kBilinearTopic,
                                      &kBicubicTopic,       &kConvTransposeTopic, &kCheckerboardTopic,
                                      &kSkipTopic};
  return kTopics;
}

std::vector<ExplainTopic> explain_topics() {
  std::vector<ExplainTopic> list;
  for (const Topic* topic : topics())
    list.push_back({std::string(topic->name), std::string(topic->title), std::string(topic->about), topic->options(),
                    std::string(topic->example), topic->pictures});
  return list;
}

Explanation explain(std::string_view name, const ExplainTexts& texts, bool with_playground) {
  const Topic& topic = find_topic(name);
  try {
    Explanation explanation = topic.explain(texts);
    explanation.topic = topic.name;
    explanation.title = topic.title;
    if (with_playground && topic.variant != nullptr) explanation.playground = playground(topic, texts);
    return explanation;
  } catch (const InputError& error) {
    fail_input("explain {}: {}", name, error.what());
  }
}

}  // namespace inlay
