#include "population.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <map>
#include <numeric>
#include <sstream>

#include "stats/test_support.h"

namespace tact::calibration {
namespace {

using stats::testing::data_file;

std::filesystem::path hillstrom_file() { return data_file("hillstrom/hillstrom.csv"); }
std::filesystem::path cdnow_file() { return data_file("cdnow/CDNOW_master.txt"); }

std::vector<HillstromRow> read_hillstrom() {
  std::vector<HillstromRow> customers;
  const auto rows = stats::testing::read_csv(hillstrom_file());
  if (rows.empty()) return customers;
  std::map<std::string, std::size_t> column;
  for (std::size_t i = 0; i < rows[0].size(); ++i) column[rows[0][i]] = i;
  const std::map<std::string, int> arms = {
      {"No E-Mail", 0}, {"Mens E-Mail", 1}, {"Womens E-Mail", 2}};
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const auto number = [&](const char* name) { return std::stod(rows[i][column.at(name)]); };
    customers.push_back({arms.at(rows[i][column.at("segment")]), number("visit"), number("spend"),
                         number("history"), number("womens") > 0});
  }
  return customers;
}

std::int64_t day_of(int date) {  // YYYYMMDD
  const std::chrono::year_month_day day{std::chrono::year(date / 10000),
                                        std::chrono::month(static_cast<unsigned>(date / 100 % 100)),
                                        std::chrono::day(static_cast<unsigned>(date % 100))};
  return std::chrono::sys_days(day).time_since_epoch().count();
}

std::vector<Customer> read_cdnow() {
  std::map<std::string, Customer> customers;
  std::ifstream file(cdnow_file());
  const std::int64_t until = day_of(19970930);
  std::string id;
  int date = 0;
  double cds = 0.0;
  double dollars = 0.0;
  for (std::string line; std::getline(file, line);) {
    std::istringstream fields(line);
    if (!(fields >> id >> date >> cds >> dollars)) continue;  // the heading
    Customer& customer = customers[id];
    if (day_of(date) <= until) {
      customer.before += dollars;
    } else {
      customer.outcome += dollars;
      customer.denominator += 1.0;
    }
  }
  std::vector<Customer> all;
  for (const auto& [key, customer] : customers) all.push_back(customer);
  return all;
}

}  // namespace

double mean_outcome(std::span<const Customer> customers) {
  double sum = 0.0;
  for (const Customer& customer : customers) sum += customer.outcome;
  return sum / static_cast<double>(customers.size());
}

Outcomes::Outcomes(std::vector<double> values) {
  const auto n = static_cast<double>(values.size());
  mean_ = std::accumulate(values.begin(), values.end(), 0.0) / n;
  std::erase(values, 0.0);
  rate_ = static_cast<double>(values.size()) / n;
  nonzero_ = std::move(values);
}

Outcomes Outcomes::conversions(double rate) {
  Outcomes outcomes({1.0});
  outcomes.rate_ = outcomes.mean_ = rate;
  return outcomes;
}

stats::SampleMoments Outcomes::draw(Random& random, std::int64_t n) const {
  const std::int64_t k = std::binomial_distribution<std::int64_t>(n, rate_)(random);
  if (nonzero_.size() == 1) {
    const double sum = static_cast<double>(k) * nonzero_[0];
    return {n, sum, sum * nonzero_[0], k};
  }
  stats::SampleMoments moments{n - k};
  std::uniform_int_distribution<std::size_t> which(0, nonzero_.size() - 1);
  for (std::int64_t i = 0; i < k; ++i) moments.add(nonzero_[which(random)]);
  return moments;
}

Outcomes Outcomes::times(double factor) const {
  Outcomes scaled = *this;
  for (double& value : scaled.nonzero_) value *= factor;
  scaled.mean_ *= factor;
  return scaled;
}

const std::vector<HillstromRow>& hillstrom() {
  static const std::vector<HillstromRow> rows = read_hillstrom();
  return rows;
}

const std::vector<Customer>& cdnow() {
  static const std::vector<Customer> customers = read_cdnow();
  return customers;
}

bool data_is_there() {
  return std::filesystem::exists(hillstrom_file()) && std::filesystem::exists(cdnow_file());
}

Outcomes hillstrom_outcomes(int arm, double HillstromRow::* outcome) {
  std::vector<double> values;
  for (const HillstromRow& row : hillstrom()) {
    if (row.arm == arm) values.push_back(row.*outcome);
  }
  // Visits are all 1: drawn as shares, without looking anything up.
  const bool shares =
      std::all_of(values.begin(), values.end(), [](double v) { return v == 0 || v == 1; });
  if (!shares) return Outcomes(std::move(values));
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  return Outcomes::conversions(sum / static_cast<double>(values.size()));
}

Outcomes cdnow_outcomes() {
  std::vector<double> values;
  for (const Customer& customer : cdnow()) values.push_back(customer.outcome);
  return Outcomes(std::move(values));
}

}  // namespace tact::calibration
