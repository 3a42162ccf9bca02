// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <coroutine>
#include <utility>

namespace fmrx::rt {

/// A link of an intrusive list. It leaves its list when it is destroyed.
class Link {
 public:
  Link() = default;
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;
  ~Link() {
    if (linked()) [[unlikely]]
      unlink();
  }

  [[nodiscard]] bool linked() const { return next_ != nullptr; }

  void unlink() noexcept {
    if (!linked()) return;
    previous_->next_ = next_;
    next_->previous_ = previous_;
    next_ = nullptr;
  }

 private:
  template <class T>
  friend class List;

  Link* previous_;  // meaningful while linked
  Link* next_ = nullptr;
};

/// An intrusive first-in first-out list of T, which derives from Link. It owns nothing
/// and never allocates.
template <class T>
class List {
 public:
  List() { head_.previous_ = head_.next_ = &head_; }
  List(const List&) = delete;
  List& operator=(const List&) = delete;
  ~List() {
    while (!empty()) head_.next_->unlink();
    head_.next_ = nullptr;
  }

  [[nodiscard]] bool empty() const { return head_.next_ == &head_; }
  [[nodiscard]] T& front() { return static_cast<T&>(*head_.next_); }

  void push_back(T& item) noexcept {
    Link& link = item;
    link.previous_ = head_.previous_;
    link.next_ = &head_;
    head_.previous_->next_ = &link;
    head_.previous_ = &link;
  }

  T& pop_front() noexcept {
    Link* const first = head_.next_;
    head_.next_ = first->next_;
    first->next_->previous_ = &head_;
    first->next_ = nullptr;
    return static_cast<T&>(*first);
  }

  /// Takes all of `other`, in order, behind what is here.
  void splice(List& other) noexcept {
    if (other.empty()) return;
    Link* const first = other.head_.next_;
    Link* const last = other.head_.previous_;
    other.head_.previous_ = other.head_.next_ = &other.head_;
    first->previous_ = head_.previous_;
    head_.previous_->next_ = first;
    last->next_ = &head_;
    head_.previous_ = last;
  }

  /// Calls visit(item) on each; the visitor may unlink the item it was given.
  template <class Visit>
  void for_each(Visit visit) {
    for (Link* link = head_.next_; link != &head_;) {
      Link* const next = link->next_;
      visit(static_cast<T&>(*link));
      link = next;
    }
  }

 private:
  Link head_;
};

/// A suspended coroutine. It lives inside the awaiter, which lives inside the coroutine's
/// frame. To wake it is to move it to the loop's ready list; to cancel it is to destroy the
/// frame, which takes it out of whatever list it is in. Nothing else is needed for either.
class Waiter : public Link {
 public:
  Waiter() = default;
  explicit Waiter(std::coroutine_handle<> waiting) noexcept : coroutine(waiting) {}

  std::coroutine_handle<> coroutine;
};

/// A place for one waiter. It may go before the waiter does, and the other way round.
class WaiterSlot {
 public:
  [[nodiscard]] bool empty() const { return list_.empty(); }
  void put(Waiter& waiter) noexcept { list_.push_back(waiter); }
  [[nodiscard]] Waiter& get() { return list_.front(); }

 private:
  List<Waiter> list_;
};

}  // namespace fmrx::rt
