//! `Date`, as far as it is in use without a calendar of the place: the time, and its text in UTC.
