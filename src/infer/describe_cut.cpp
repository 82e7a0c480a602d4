#include "infer/describe_cut.h"

#include <algorithm>

#include "base/fail.h"

namespace inlay {
namespace {

std::string describe_blend(const Cut& cut, const Model& model) {
  const std::int64_t overlap = std::max(cut.rows.overlap, cut.columns.overlap);
  std::string text = fmt::format(" that overlap by {} pixels", overlap);
  if (cut.rows.exact && cut.columns.exact) return text;
  if (reach_of(model).everything)
    return text +
           ", and its pooling over the whole picture sees one tile at a time: allow more memory to label it whole";
  return text + fmt::format(", less than the {} that the net sees: near the tiles' edges labels may differ",
                            2 * reach_of(model).pixels);
}

}  // namespace

std::string describe_cut(const PictureFacts& picture, const Cut& cut, const Model& model) {
  const SizeRule& rule = model.info.size;
  const std::int64_t height = cut.rows.side, width = cut.columns.side;
  const std::string size = fmt::format("a picture of {}x{}", picture.height, picture.width);
  if (!cut.whole() && rule.margin > 0)
    return fmt::format("{} is labelled in {} tiles of {}x{}, since the net's logits cover {} pixels less on each side",
                       size, cut.tiles(), height, width, rule.margin);
  if (!cut.whole())
    return fmt::format("{} is labelled in {} tiles of {}x{}{}", size, cut.tiles(), height, width,
                       describe_blend(cut, model));
  if (rule.margin > 0)
    return fmt::format("{} is mirrored around to {}x{}, since the net's logits cover {} pixels less on each side", size,
                       height, width, rule.margin);
  if (height == picture.height && width == picture.width) return "";
  return fmt::format("{} is padded by reflection to {}x{}, since the net needs {}", size, height, width,
                     to_string(rule));
}

}  // namespace inlay
