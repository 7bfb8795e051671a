// SPDX-License-Identifier: Apache-2.0
#include "harness/store/column_cache.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <optional>
#include <type_traits>

#include "harness/store/run_id.h"
#include "harness/store/seal.h"
#include "harness/support/hash.h"

namespace aios {
namespace {

constexpr char kMagic[16] = "aios-columns 1\n";

// As it lies in the file, in this machine's byte order: whoever reads it wrote it.
struct ColumnHead {
  char magic[16];
  char seal[64];
  std::uint64_t rows, samples_size;
  std::int64_t samples_time;
  std::uint64_t sizes[3];  // of the three parts: always there, counts, values
  std::uint32_t crcs[3];
  std::uint32_t crc;  // of all of the above
};
static_assert(std::is_trivially_copyable_v<ColumnHead> && sizeof(ColumnHead) == 144);
constexpr std::size_t kChecked = offsetof(ColumnHead, crc);

template <typename Columns, typename Visit>
void each_word_column(Columns& columns, Visit visit) {
  visit(columns.metric);
  visit(columns.scenario);
  visit(columns.unit);
  visit(columns.fidelity);
  visit(columns.detail);
}

template <typename Columns, typename Visit>
void each_plain_column(Columns& columns, Visit visit) {
  each_word_column(columns, [&](auto& words) { visit(words.codes); });
  visit(columns.boot);
  visit(columns.perturbation);
  visit(columns.value);
  visit(columns.overhead);
  visit(columns.minimum);
  visit(columns.maximum);
  visit(columns.iterations);
  visit(columns.interrupted_iterations);
  visit(columns.skipped);
}

class Packer {
 public:
  template <typename T>
  void number(T value) {
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  template <typename T>
  void array(const std::vector<T>& values) {
    bytes_.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
  }
  void text(const std::string& text) {
    number(static_cast<std::uint64_t>(text.size()));
    bytes_ += text;
  }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

// The first read past the end makes everything after it empty, and `whole` false.
class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : bytes_(bytes) {}
  template <typename T>
  T number() {
    T value{};
    const std::string_view part = take(sizeof value);
    if (!part.empty()) std::memcpy(&value, part.data(), sizeof value);
    return value;
  }
  template <typename T>
  void array(std::vector<T>& into, std::uint64_t count) {
    if (count > bytes_.size() / sizeof(T)) {
      whole_ = false;
      return;
    }
    const std::string_view part = take(count * sizeof(T));
    into.resize(count);
    if (count > 0) std::memcpy(into.data(), part.data(), part.size());
  }
  std::string text() { return std::string(take(number<std::uint64_t>())); }
  bool whole() const { return whole_ && bytes_.empty(); }
  bool good() const { return whole_; }

 private:
  std::string_view take(std::uint64_t size) {
    if (!whole_ || size > bytes_.size()) {
      whole_ = false;
      return {};
    }
    const std::string_view part = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return part;
  }
  std::string_view bytes_;
  bool whole_ = true;
};

fs::path column_file(const Store& store, const std::string& run) { return store.cache() / "columns" / run; }

// What the file must say of its bundle to speak for it; nothing: the run is not sealed.
std::optional<ColumnHead> head_for(const fs::path& folder) {
  const std::string seal = seal_hash(folder);
  struct stat info {};
  if (seal.size() != sizeof ColumnHead::seal || ::stat((folder / "samples.jsonl").c_str(), &info) != 0) return {};
  ColumnHead head{};
  std::memcpy(head.magic, kMagic, sizeof kMagic);
  std::memcpy(head.seal, seal.data(), seal.size());
  head.samples_size = static_cast<std::uint64_t>(info.st_size);
  head.samples_time = info.st_mtim.tv_sec * 1'000'000'000 + info.st_mtim.tv_nsec;
  return head;
}

bool speaks_for(const ColumnHead& found, const ColumnHead& wanted) {
  return crc32({reinterpret_cast<const char*>(&found), kChecked}) == found.crc &&
         std::memcmp(found.magic, wanted.magic, sizeof found.magic) == 0 &&
         std::memcmp(found.seal, wanted.seal, sizeof found.seal) == 0 && found.samples_size == wanted.samples_size &&
         found.samples_time == wanted.samples_time;
}

bool read_part(int fd, std::uint64_t at, std::uint64_t size, std::uint32_t crc, std::string& into) {
  into.resize(size);
  std::uint64_t done = 0;
  while (done < size) {
    const ssize_t got = ::pread(fd, into.data() + done, size - done, static_cast<off_t>(at + done));
    if (got <= 0) return false;
    done += static_cast<std::uint64_t>(got);
  }
  return crc32(into) == crc;
}

bool unpack_base(std::string_view bytes, std::uint64_t rows, SampleColumns& out) {
  Unpacker from(bytes);
  each_word_column(out, [&](WordColumn& column) {
    const auto count = from.number<std::uint64_t>();
    for (std::uint64_t i = 0; i < count && from.good(); ++i) column.words.push_back(from.text());
  });
  each_plain_column(out, [&](auto& column) { from.array(column, rows); });
  bool good = from.whole();
  each_word_column(out, [&](const WordColumn& column) {
    for (const std::int32_t code : column.codes) {
      good = good && code >= 0 && static_cast<std::size_t>(code) < column.words.size();
    }
  });
  return good;
}

bool unpack_values(std::string_view bytes, std::uint64_t rows, SampleColumns& out) {
  Unpacker from(bytes);
  from.array(out.lengths, rows);
  std::uint64_t total = 0;
  for (const std::int64_t length : out.lengths) {
    if (length < 0 || static_cast<std::uint64_t>(length) > bytes.size()) return false;
    total += static_cast<std::uint64_t>(length);
  }
  from.array(out.iteration_value, total);
  from.array(out.iteration_times, total);
  return from.whole();
}

std::optional<SampleColumns> load(const fs::path& file, const ColumnHead& wanted, ColumnParts parts) {
  const UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat info {};
  ColumnHead head{};
  if (!fd || ::fstat(fd.get(), &info) != 0) return std::nullopt;
  if (::pread(fd.get(), &head, sizeof head, 0) != static_cast<ssize_t>(sizeof head)) return std::nullopt;
  if (!speaks_for(head, wanted)) return std::nullopt;
  const auto size = static_cast<std::uint64_t>(info.st_size);
  if (size != sizeof head + head.sizes[0] + head.sizes[1] + head.sizes[2]) return std::nullopt;
  SampleColumns out;
  std::string bytes;
  std::uint64_t at = sizeof head;
  if (!read_part(fd.get(), at, head.sizes[0], head.crcs[0], bytes) || !unpack_base(bytes, head.rows, out)) return {};
  at += head.sizes[0];
  if (parts.counts) {
    if (!read_part(fd.get(), at, head.sizes[1], head.crcs[1], bytes)) return std::nullopt;
    Unpacker from(bytes);
    for (auto& column : out.counts) from.array(column, head.rows);
    if (!from.whole()) return std::nullopt;
  }
  at += head.sizes[1];
  if (parts.values &&
      (!read_part(fd.get(), at, head.sizes[2], head.crcs[2], bytes) || !unpack_values(bytes, head.rows, out))) {
    return std::nullopt;
  }
  return out;
}

// Whether it could be written matters to nobody: the next reader reads the bundle again.
void keep(const fs::path& file, ColumnHead head, const SampleColumns& columns) {
  Packer base, counts, values;
  each_word_column(columns, [&](const WordColumn& column) {
    base.number(static_cast<std::uint64_t>(column.words.size()));
    for (const std::string& word : column.words) base.text(word);
  });
  each_plain_column(columns, [&](const auto& column) { base.array(column); });
  for (const auto& column : columns.counts) counts.array(column);
  values.array(columns.lengths);
  values.array(columns.iteration_value);
  values.array(columns.iteration_times);
  head.rows = columns.rows();
  const Packer* parts[] = {&base, &counts, &values};
  for (std::size_t i = 0; i < std::size(parts); ++i) {
    head.sizes[i] = parts[i]->bytes().size();
    head.crcs[i] = crc32(parts[i]->bytes());
  }
  head.crc = crc32({reinterpret_cast<const char*>(&head), kChecked});
  if (!make_folders(file.parent_path()).ok()) return;
  const fs::path fresh = file.parent_path() / fmt::format(".{}.{}", file.filename().string(), ::getpid());
  const UniqueFd fd(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (!fd) return;
  bool written = true;
  const auto write = [&](std::string_view bytes) {
    while (written && !bytes.empty()) {
      const ssize_t got = ::write(fd.get(), bytes.data(), bytes.size());
      written = got > 0;
      if (written) bytes.remove_prefix(static_cast<std::size_t>(got));
    }
  };
  write({reinterpret_cast<const char*>(&head), sizeof head});
  for (const Packer* part : parts) write(part->bytes());
  std::error_code ignored;
  if (written) {
    fs::rename(fresh, file, ignored);
  } else {
    fs::remove(fresh, ignored);
  }
}

}  // namespace

Result<SampleColumns> read_columns(const Store& store, const std::string& run, ColumnParts parts) {
  if (!is_run_id(run)) return std::move(store.read_run(run)).error();
  const auto head = head_for(store.run_folder(run));
  if (head) {
    if (auto kept = load(column_file(store, run), *head, parts)) return std::move(*kept);
  }
  const StoredRun stored = TRY(store.read_run(run));
  SampleColumns columns = columns_of(stored.run.samples);
  if (head && stored.sealed) keep(column_file(store, run), *head, columns);
  return columns;
}

Result<SampleTable> read_sample_table(const Store& store, const std::vector<std::string>& runs, const RowChoice& choice,
                                      ColumnParts parts, const CancelToken& cancel) {
  TableJoin join(choice, parts);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    TRY(cancel.check());
    join.add(TRY(read_columns(store, runs[i], parts)), static_cast<std::int32_t>(i));
  }
  return join.take();
}

}  // namespace aios
