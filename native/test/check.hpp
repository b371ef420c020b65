/// The little that these tests need: named cases, checks that say both values, an exit code.
#pragma once

#include <cstdio>
#include <functional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace check {

struct State {
  std::vector<std::pair<std::string, std::function<void()>>> cases;
  int failures = 0;
};

inline State& state() {
  static State all;
  return all;
}

struct Case {
  Case(const char* name, std::function<void()> body) { state().cases.emplace_back(name, std::move(body)); }
};

template <class T>
std::string shown(const T& value) {
  std::ostringstream text;
  text << std::boolalpha << value;
  return text.str();
}

template <class A, class B>
void equal(const A& actual, const B& expected, const char* what, const char* file, int line) {
  if (actual == expected) return;
  ++state().failures;
  std::fprintf(stderr, "%s:%d: %s is %s, expected %s\n", file, line, what, shown(actual).c_str(),
               shown(expected).c_str());
}

inline void holds(bool condition, const char* what, const char* file, int line) {
  if (condition) return;
  ++state().failures;
  std::fprintf(stderr, "%s:%d: not so: %s\n", file, line, what);
}

inline int run_all() {
  for (const auto& [name, body] : state().cases) {
    const int before = state().failures;
    body();
    std::printf("%s %s\n", state().failures == before ? "ok  " : "FAIL", name.c_str());
  }
  return state().failures == 0 ? 0 : 1;
}

}  // namespace check

#define CHECK_JOIN2(a, b) a##b
#define CHECK_JOIN(a, b) CHECK_JOIN2(a, b)
#define CASE(name)                                                                         \
  static void CHECK_JOIN(case_, __LINE__)();                                               \
  static const check::Case CHECK_JOIN(registered_, __LINE__)(name, CHECK_JOIN(case_, __LINE__)); \
  static void CHECK_JOIN(case_, __LINE__)()
#define EQUAL(actual, expected) check::equal((actual), (expected), #actual, __FILE__, __LINE__)
#define HOLDS(condition) check::holds((condition), #condition, __FILE__, __LINE__)

int main() { return check::run_all(); }
