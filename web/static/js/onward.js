// SPDX-License-Identifier: Apache-2.0
// onward.js sends the form that takes an answer on to an application.

document.querySelector("form[data-onward]").submit();
