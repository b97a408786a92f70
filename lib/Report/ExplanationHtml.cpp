//===- ExplanationHtml.cpp - The explanation as a page --------------------===//

#include "PageData.h"
#include "PageText.h"
#include "llvm/Support/Mustache.h"

using namespace amos;

void Explanation::printHtml(llvm::raw_ostream &stream) const {
  llvm::BumpPtrAllocator allocator;
  llvm::StringSaver saver(allocator);
  llvm::mustache::MustacheContext context(allocator, saver);
  llvm::mustache::Template page(pageText, context);
  page.registerPartial("ranking", rankingText);
  page.registerPartial("candidate", candidateText);
  llvm::json::Object data = getPageData(*this);
  data["style"] = styleText;
  page.render(std::move(data), stream);
}
