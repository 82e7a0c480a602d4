#include "plan_text.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>

#include "base/wrap.h"
#include "console.h"

namespace {

constexpr std::size_t kValue = 15, kWhy = 36;

std::string row(const std::string& name, const std::string& value, const std::string& why) {
  std::string line = name;
  line.resize(std::max(kValue, line.size() + 1), ' ');
  line += value;
  line.resize(std::max(kWhy, line.size() + 1), ' ');
  return line + inlay::wrap(why, kWhy) + "\n";
}

std::string end_text(const inlay::RunPlan& plan) {
  if (!plan.expected) return "";
  const std::time_t end = std::time(nullptr) + static_cast<std::time_t>(*plan.expected);
  std::tm local{};
  ::localtime_r(&end, &local);
  const double total = plan.budget > 0 ? plan.budget : *plan.expected;
  return fmt::format("{}{}, until about {:%H:%M}", plan.budget > 0 ? "the run takes " : "the run will take about ",
                     duration_text(total), local);
}

}  // namespace

std::string plan_text(const inlay::RunPlan& plan) {
  std::string text = row("setting", "chosen", "why");
  for (const inlay::PlanChoice& choice : plan.choices) text += row(choice.option, choice.value, choice.why);
  text += end_text(plan);
  if (text.ends_with("\n")) text.pop_back();
  return text;
}
