// Dealing a data set's samples out into folds, or into train, val and test: every part with its share of every class,
// and samples that belong together in one part.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "inlay/dataset.h"

namespace inlay {

struct DealOptions {
  std::uint64_t seed = 0;
  /// A regular expression (ECMAScript) that is looked for in each sample's name. Samples for which it finds the same
  /// text, or the same first group in brackets, stay together: "^[^_]+" finds "kos01" in "kos01_Part5". Empty: every
  /// sample may go anywhere.
  std::string group_by;
};

/// Fold 0 .. folds - 1 of every sample of train and val, and -1 for those of test, in the order of Split::all.
/// Stratified iteratively (Sechidis, Tsoumakas and Vlahavas, ECML 2011): the class that the fewest undealt images hold
/// goes first, and each image goes where most of that class is missing. The same seed gives the same folds. Reads every
/// mask, in parallel. Throws InputError for fewer than 2 folds, for more folds than samples or groups, for an
/// expression that cannot be understood or finds nothing in a name, and for what Dataset::read_mask() throws.
std::vector<int> assign_folds(const Dataset& dataset, std::int64_t folds, const DealOptions& options = {});

/// What Dataset::with_split() takes to validate on the samples of fold `fold` and to train on those of the others;
/// test, the fold -1, stays test.
std::vector<Split> fold_parts(const std::vector<int>& folds, int fold);

/// Shares of the samples; train has the rest.
struct Shares {
  double val = 0.2, test = 0.0;
};

/// Train, val or test of every sample of Split::all, in its order, stratified in the same way; every part with a share
/// gets a sample. For Dataset::with_split(). Throws InputError as assign_folds(), and when the shares are not 0 or more
/// and below 1 together.
std::vector<Split> assign_parts(const Dataset& dataset, const Shares& shares, const DealOptions& options = {});

/// Writes FOLDER/split.toml: a data set of its own that lists the samples of `dataset` by `parts` (as with_split()
/// takes them) and copies nothing. open_dataset(FOLDER) reads it. `dataset` was opened without a draw of validation
/// images (DatasetOptions::val_fraction 0). Throws InputError when the file is there already, and for a data set that
/// is such a list itself.
void write_split(const Dataset& dataset, const std::vector<Split>& parts, const std::filesystem::path& folder);

}  // namespace inlay
