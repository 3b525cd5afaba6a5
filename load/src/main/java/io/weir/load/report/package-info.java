/**
 * Results of loads, drawn and set side by side: {@link io.weir.load.report.HtmlPage} puts a page
 * together of the resources in this package, {@link io.weir.load.report.HtmlReport} says what one
 * of a load shows, {@link io.weir.load.report.Comparison} is several results as one table.
 *
 * <p>All figures are computed here and handed to the page as JSON; its scripts only draw. Pages
 * depend on {@code io.weir.load.result} alone; the texts also know the plans of {@code run}.
 */
@NullMarked
package io.weir.load.report;

import org.jspecify.annotations.NullMarked;
